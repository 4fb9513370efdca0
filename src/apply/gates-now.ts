import { ZmigrateError } from "../errors.js";
import { journalOf } from "../journal/journal.js";
import type { GateResult } from "../model/gate.js";
import { gatesOf, type StatusOptions, stageOf } from "./status.js";

/** The gates of one migration, as they stand now. */
export interface GatesNow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** The stage of its contract that comes next; null where none does, or not yet. */
  readonly stage: "swap" | "drop" | null;
  readonly gates: readonly GateResult[];
}

/**
 * Asks the gates of a migration. Reads only.
 *
 * @throws ZmigrateError usage: nothing of it has begun
 */
export async function gatesNow(options: StatusOptions, id: string): Promise<GatesNow> {
  const session = await options.database.open();
  try {
    const journal = journalOf(options.database);
    const records = (await journal.exists(session)) ? await journal.migrations(session) : [];
    const record = records.find((r) => r.id === id);
    if (record === undefined)
      throw new ZmigrateError("usage", {
        reason: `There is no migration ${id} that has begun on this database.`,
        help: "`zmigrate status` lists the migrations.",
      });
    const gates = await gatesOf({ ...options, session, journal }, record, await journal.steps(session, id));
    return { id, name: record.name, status: record.status, stage: stageOf(record), gates };
  } finally {
    await session.close();
  }
}
