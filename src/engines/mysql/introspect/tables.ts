import type { Session } from "../../engine.js";
import { literal, OWN_TABLES } from "../names.js";
import { WRITERS_PREFIX } from "../triggers/writers.js";

export interface TableRow {
  readonly name: string;
  readonly collation: string | null;
  readonly characterSet: string | null;
  readonly rows: string | null;
  readonly bytes: string | null;
  readonly options: string | null;
  readonly engine: string | null;
  readonly comment: string | null;
}

/** The base tables of the database that the session is in, without zmigrate's own. */
export function readTables(session: Session): Promise<TableRow[]> {
  return session.query<TableRow>(
    `SELECT t.TABLE_NAME AS name, t.TABLE_COLLATION AS collation, c.CHARACTER_SET_NAME AS characterSet,
            t.TABLE_ROWS AS \`rows\`, t.DATA_LENGTH + t.INDEX_LENGTH AS bytes, t.CREATE_OPTIONS AS options, t.ENGINE AS engine, t.TABLE_COMMENT AS comment
     FROM information_schema.TABLES t
     LEFT JOIN information_schema.COLLATION_CHARACTER_SET_APPLICABILITY c
       ON c.COLLATION_NAME = t.TABLE_COLLATION
     WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
       AND t.TABLE_NAME NOT IN (${OWN_TABLES.map(literal).join(", ")})
       AND LEFT(t.TABLE_NAME, ${WRITERS_PREFIX.length}) <> ${literal(WRITERS_PREFIX)}
     ORDER BY t.TABLE_NAME`,
  );
}
