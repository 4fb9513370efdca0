import type { Reading, Session } from "../../engines/engine.js";
import { kept, within } from "../../engines/kept.js";
import { type LimitJudge, limitJudge } from "../../engines/limit.js";
import { go, stop } from "../../engines/reading.js";
import { defineSignal, type Reader, type Watch, type Zod } from "../../engines/signal.js";
import { age } from "../../engines/signal-settings.js";
import { notOneQuery } from "../../gates/query.js";
import { oneOrMore } from "./one-or-more.js";

/** What a configuration says of a query. */
export interface SqlGiven {
  readonly query: string;
  /** Stops above it; without, the query answers true or false. */
  readonly max?: number | undefined;
  /** `primary`, or a replica by its host, or host and port. Default `primary`. */
  readonly on?: string | undefined;
  /** Default `1s`. */
  readonly timeout?: string | undefined;
  /** For messages; the query itself without. */
  readonly name?: string | undefined;
}

const one = (z: Zod) =>
  z.strictObject({
    query: z.string().min(1),
    max: z.number().optional(),
    on: z.string().min(1).default("primary"),
    timeout: age(z).prefault("1s"),
    name: z.string().min(1).optional(),
  });

interface Setting {
  readonly query: string;
  readonly max?: number | undefined;
  readonly on: string;
  readonly timeout: number;
  readonly name?: string | undefined;
}

/** The URL of a replica by its place; undefined for none of them. */
const replicaAt = (on: string, urls: readonly string[]): string | undefined =>
  urls.find((url) => {
    const { host, hostname } = new URL(url);
    return on === host || on === hostname;
  });

const TRUE: readonly unknown[] = [true, 1, "1"];
const FALSE: readonly unknown[] = [false, 0, "0"];

/** MySQL's true is 1. */
function judged(value: unknown, name: string, max: number | undefined, judge: LimitJudge): Reading {
  if (max === undefined) {
    if (TRUE.includes(value)) return go(`${name} is true`);
    if (FALSE.includes(value)) return stop(`${name} is false`);
    return stop(`${name} answers neither true nor false: give a number its limit with \`max\``);
  }
  const isNumber = (typeof value === "number" || typeof value === "string") && String(value).trim() !== "";
  const number = isNumber ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) return stop(`${name} answers no number, for which it has \`max\``);
  return judge(number, `${name} is ${number} (limit ${max})`);
}

/** Beyond the server's own timeout: for a server that does not answer at all, milliseconds. */
const GRACE_MS = 2_000;

function reader({ query, max, on, timeout, name = `\`${query}\`` }: Setting, watch: Watch): Reader {
  const { database } = watch;
  const replicaUrl = on === "primary" ? null : (replicaAt(on, watch.replicaUrls) ?? null);
  const link = kept(() => database.openReader({ replicaUrl, statementMs: timeout }));
  const judge = limitJudge(max ?? 0);
  const ask = async (): Promise<unknown> => {
    const session: Session = await within(timeout + GRACE_MS, link.session());
    const [row] = await within(timeout + GRACE_MS, session.query(query));
    return row === undefined ? null : Object.values(row)[0];
  };
  return {
    async read() {
      const wrong = notOneQuery(database.engine, query);
      if (wrong !== null) return stop(`${name}: ${wrong}`);
      try {
        return judged(await ask(), name, max, judge);
      } catch (error) {
        link.drop();
        return stop(`${name} cannot be asked: ${database.describe(error)}`);
      }
    },
    close: () => link.close(),
  };
}

/** A query of one's own: a number that is held to `max`, or true to go on. It can only read, and not for long. */
export const sql = defineSignal({
  name: "sql",
  setting: (z) => oneOrMore<SqlGiven, Setting>(z, one(z)),
  everyMs: 1_000,
  problem(settings, { replicaUrls }, engine) {
    for (const { query, name = `\`${query}\`` } of settings) {
      const wrong = notOneQuery(engine, query);
      if (wrong !== null) return `${name}: ${wrong}`;
    }
    const lost = settings.find(({ on }) => on !== "primary" && replicaAt(on, replicaUrls) === undefined);
    return lost === undefined
      ? null
      : `"on" is "${lost.on}": neither primary nor the host of a replica that \`replicaUrls\` names`;
  },
  open: (settings, watch) => settings.map((setting) => reader(setting, watch)),
});
