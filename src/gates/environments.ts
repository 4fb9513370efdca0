import type { ZodType } from "zod";
import type { Elsewhere } from "../config/environments.js";
import { redact, secretsOf } from "../config/redact.js";
import type { Engine } from "../engines/engine.js";
import type { Zod } from "../engines/signal.js";
import { journalOf } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import { namesText } from "../plural.js";
import { oneOrMore } from "../throttle/signals/one-or-more.js";
import { closed, type Gate, open, unknown } from "./gate.js";

const GATE = "environments";

/** A server that does not answer is told after this long, milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Databases that are asked at once. */
const AT_ONCE = 8;

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

async function standingIn({ name, databaseUrl, problem }: Elsewhere, id: string, engine: Engine): Promise<Standing> {
  if (databaseUrl === null) return { name, status: "unknown", expanded: false, problem };
  try {
    const record = await recordIn(databaseUrl, id, engine);
    if (record === undefined) return { name, status: "pending", expanded: false, problem: "" };
    const expanded = record.expandedAt !== null && record.status !== "rolled-back";
    return { name, status: record.status, expanded, problem: "" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, status: "unknown", expanded: false, problem: redact(message, secretsOf([databaseUrl])) };
  }
}

async function recordIn(url: string, id: string, engine: Engine): Promise<MigrationRecord | undefined> {
  const database = await engine.connect(url, {
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    applicationName: "zmigrate gate",
  });
  try {
    const session = await database.open();
    const journal = journalOf(database);
    const records = (await journal.exists(session)) ? await journal.migrations(session) : [];
    return records.find((record) => record.id === id);
  } finally {
    await database.close();
  }
}

async function standings(all: readonly Elsewhere[], id: string, engine: Engine): Promise<readonly Standing[]> {
  const found: Standing[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    found.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map((one) => standingIn(one, id, engine)))));
  return found;
}

/** The migration is expanded in every database of the environments of `gates.environments`: code that needs the new side can run in all of them. */
export const environments: Gate = {
  name: GATE,
  async check({ database, record, settings }) {
    const { environments: all } = settings;
    if (all === undefined) return null;
    const found = await standings(all, record.id, database.engine);
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
