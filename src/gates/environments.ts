import type { ZodType } from "zod";
import type { Elsewhere } from "../config/environments.js";
import type { Engine, Session } from "../engines/engine.js";
import type { Zod } from "../engines/signal.js";
import type { Journal } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import { namesText } from "../plural.js";
import { oneOrMore } from "../throttle/signals/one-or-more.js";
import { type Answer, askAll } from "./elsewhere.js";
import { closed, type Gate, open, unknown } from "./gate.js";
import { onceARun } from "./once-a-run.js";

const GATE = "environments";

/** How `gates.environments` is read: names of environments. */
export const environmentsSetting = (z: Zod): ZodType<readonly string[], string | readonly string[]> =>
  oneOrMore<string, string>(z, z.string().min(1));

/** How a migration stands in another database. */
interface Standing {
  readonly name: string;
  readonly status: MigrationRecord["status"] | "unknown";
  readonly expanded: boolean;
  /** Why it is not known; empty where it is. */
  readonly problem: string;
}

const migrationsIn = async (journal: Journal, session: Session): Promise<readonly MigrationRecord[]> =>
  (await journal.exists(session)) ? journal.migrations(session) : [];

const answersOf = onceARun((all: readonly Elsewhere[], engine: Engine) => askAll(all, engine, migrationsIn));

function standingOf({ name, value: records, problem }: Answer<readonly MigrationRecord[]>, id: string): Standing {
  if (records === null) return { name, status: "unknown", expanded: false, problem };
  const record = records.find((one) => one.id === id);
  if (record === undefined) return { name, status: "pending", expanded: false, problem };
  // One that a baseline has recorded was in the database before zmigrate.
  const has = record.expandedAt !== null || record.plan.baseline === true;
  return { name, status: record.status, expanded: has && record.status !== "rolled-back", problem };
}

/** The migration is expanded in every database of the environments of `gates.environments`: code that needs the new side can run in all of them. */
export const environments: Gate = {
  name: GATE,
  async check({ database, record, settings }) {
    const { environments: all } = settings;
    if (all === undefined) return null;
    const found = (await answersOf(all, database.engine)).map((answer) => standingOf(answer, record.id));
    const evidence = { databases: found.map(({ name, status }) => ({ name, status })) };
    const behind = found.filter((one) => !one.expanded && one.problem === "");
    const hidden = found.filter((one) => one.problem !== "");
    const where = behind.map(({ name, status }) => `${name} (${status})`);
    if (behind.length > 0) return closed(GATE, `not expanded in ${namesText(where)}`, evidence);
    if (hidden.length > 0)
      return unknown(GATE, namesText(hidden.map(({ name, problem }) => `${name}: ${problem}`)), evidence);
    return open(GATE, `expanded in ${namesText(found.map(({ name }) => name))}`, evidence);
  },
};
