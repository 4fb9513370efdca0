import type { HelperTrigger, Table } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { readRights } from "../execute/grants.js";
import { literal, TRIGGER_PREFIX } from "../names.js";

interface HelperRow {
  readonly tableName: string;
  readonly name: string;
}

const HELPERS = `SELECT EVENT_OBJECT_TABLE AS tableName, TRIGGER_NAME AS name FROM information_schema.TRIGGERS
  WHERE TRIGGER_SCHEMA = DATABASE() AND LEFT(TRIGGER_NAME, ${TRIGGER_PREFIX.length}) = ${literal(TRIGGER_PREFIX)}`;

/**
 * Triggers of ours, as a table has them. The servers show none to who has not the privilege TRIGGER on the table, which
 * is not the same as none.
 *
 * @param named a table's name as the catalog has it
 */
export async function readHelpers(
  session: Session,
  named: (name: string) => string,
): Promise<(table: string) => Pick<Table, "helpers">> {
  const [here] = await session.query<{ db: string }>("SELECT DATABASE() AS db");
  const rights = await readRights(session);
  const rows = await session.query<HelperRow>(HELPERS);
  const of = (table: string): HelperTrigger[] =>
    rows.filter((r) => named(r.tableName) === table).map(({ name }) => ({ name, fires: true, columns: null }));
  return (table) =>
    rights.has("TRIGGER", here?.db ?? "", table)
      ? { helpers: Object.freeze(of(table).map((h) => Object.freeze(h))) }
      : {};
}
