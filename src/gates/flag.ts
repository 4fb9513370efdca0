import type { ZodType } from "zod";
import type { Zod } from "../engines/signal.js";
import { FLAG_NAME } from "../model/directive.js";
import { nameOf, type RequestGiven, requestShape } from "../throttle/signals/request.js";
import type { FieldValue } from "./field.js";
import { type Gate, type GateContext, unknown } from "./gate.js";
import { askHttp, fieldShape, type HttpCheck } from "./http.js";
import { notOneQuery } from "./query.js";
import { together, type Verdict } from "./together.js";

/** Where a configuration's flags are: `{flag}` stands for the one that a migration names. */
export type FlagsGiven = FlagsByHttpGiven | FlagsBySql;

export interface FlagsByHttpGiven extends RequestGiven {
  /** A place in the answer's JSON. Default `enabled`. */
  readonly field?: string | undefined;
  /** What stands there when the flag is on. Default `true`. */
  readonly is?: FieldValue | undefined;
}

/** One SELECT whose first column is true when the flag is on, asked of the database itself. */
export interface FlagsBySql {
  readonly query: string;
}

export type Flags = HttpCheck | FlagsBySql;

const PLACE = "{flag}";

const hasPlace = (text: string): boolean => text.includes(PLACE);
const NO_PLACE = `does not say where the flag's name stands: write ${PLACE}`;

/** How `gates.flag` is read. */
export function flagSetting(z: Zod): ZodType<Flags> {
  const shape = requestShape(z);
  const byHttp = z.strictObject({
    ...shape,
    ...fieldShape(z),
    url: shape.url.refine(hasPlace, NO_PLACE),
    field: z.string().min(1).default("enabled"),
  });
  const bySql = z.strictObject({ query: z.string().refine(hasPlace, NO_PLACE) });
  return z.custom<FlagsGiven>().transform((given, context): Flags => {
    const isSql = typeof given === "object" && given !== null && "query" in given;
    const { data, error } = isSql ? bySql.safeParse(given) : byHttp.safeParse(given);
    for (const issue of error?.issues ?? []) context.issues.push({ ...issue, input: undefined });
    return data ?? z.NEVER;
  });
}

async function bySql({ query }: FlagsBySql, flag: string, { database, session }: GateContext): Promise<Verdict> {
  const sql = query.replaceAll(PLACE, flag);
  const evidence = { flag };
  const wrong = notOneQuery(database.engine, sql);
  if (wrong !== null) return { state: "unknown", reason: `${flag}: ${wrong}`, evidence };
  try {
    const isOn = await database.ask(session, sql);
    return { state: isOn ? "open" : "closed", reason: `${flag} is ${isOn ? "on" : "off"}`, evidence };
  } catch (error) {
    return { state: "unknown", reason: `${flag}: ${database.describe(error)}`, evidence };
  }
}

async function byHttp(flags: HttpCheck, flag: string, { settings }: GateContext): Promise<Verdict> {
  const check = { ...flags, url: flags.url.replaceAll(PLACE, flag), name: `${flag} of ${nameOf(flags)}` };
  const { evidence, ...verdict } = await askHttp(check, settings.env);
  return { ...verdict, evidence: { flag, ...evidence } };
}

/** A flag of a feature-flag service is on: `-- zmigrate:gate flag=new-email`. */
export const flag: Gate = {
  name: "flag",
  async check(context) {
    const asked = context.record.plan.gates.filter((g) => g.name === "flag").map((g) => g.setting);
    if (asked.length === 0) return null;
    const { flag: flags } = context.settings;
    if (flags === undefined)
      return unknown("flag", "the configuration does not say where flags are (gates.flag), so that none can be asked");
    const unfit = asked.find((name) => !FLAG_NAME.test(name));
    if (unfit !== undefined) return unknown("flag", `${JSON.stringify(unfit)} is not a flag's name`);
    const verdicts: Verdict[] = [];
    for (const name of asked)
      verdicts.push("query" in flags ? await bySql(flags, name, context) : await byHttp(flags, name, context));
    return together("flag", verdicts);
  },
};
