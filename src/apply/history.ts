import type { Database } from "../engines/engine.js";
import { journalOf } from "../journal/journal.js";
import type { AuditRecord } from "../journal/records.js";

/**
 * What was done, by whom, from where and for which release: the last entries of the audit, the newest last. Reads only.
 *
 * @param of one migration, or null for all; how many entries
 */
export async function history(
  database: Database,
  of: { readonly migrationId: string | null; readonly limit: number },
): Promise<readonly AuditRecord[]> {
  const session = await database.open();
  try {
    const journal = journalOf(database);
    if (!(await journal.exists(session))) return [];
    return (await journal.entries(session, of)).toReversed();
  } finally {
    await session.close();
  }
}
