import type { Session } from "../../engine.js";
import { quote } from "../names.js";
import type { Traces } from "./tool.js";

/** What is there of a run of the program, by name. */
export interface Leftovers {
  readonly triggers: readonly string[];
  /** Tables that a run fills or counts by. */
  readonly work: readonly string[];
  /** The table as it was before the exchange. */
  readonly old: readonly string[];
}

/** gh-ost puts an empty table in the place of the old one for a moment, so that nobody else can. */
const SENTRY = "ghost-cut-over-sentry";

export async function leftovers(session: Session, table: string, { work, old, trigger }: Traces): Promise<Leftovers> {
  const tables = await session.query<{ name: string; comment: string }>(
    "SELECT TABLE_NAME AS name, TABLE_COMMENT AS comment FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
  );
  const triggers = await session.query<{ name: string }>(
    "SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = ?",
    [table],
  );
  const isSentry = (t: { name: string; comment: string }) => old.test(t.name) && t.comment === SENTRY;
  return {
    triggers: triggers.map((t) => t.name).filter((name) => trigger?.test(name) === true),
    work: tables.filter((t) => work.test(t.name) || isSentry(t)).map((t) => t.name),
    old: tables.filter((t) => old.test(t.name) && !isSentry(t)).map((t) => t.name),
  };
}

/** For people: `trigger x`, `table y`. */
export const namesOf = ({ triggers, work, old }: Leftovers): string[] => [
  ...triggers.map((name) => `trigger ${name}`),
  ...[...work, ...old].map((name) => `table ${name}`),
];

/** Triggers first: without their table every write would fail. */
export const dropping = ({ triggers, work, old }: Leftovers): string[] => [
  ...triggers.map((name) => `DROP TRIGGER IF EXISTS ${quote(name)}`),
  ...[...work, ...old].map((name) => `DROP TABLE IF EXISTS ${quote(name)}`),
];
