import type { Column, Dependent } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { TRIGGER_PREFIX } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { identifiersIn, identifiersOfQuery } from "./text.js";

/** Something with a text that may name a column. */
export interface CodeRow {
  readonly kind: "trigger" | "view" | "function" | "event";
  /** What it is to people, where that is not the kind: a procedure. */
  readonly called?: string | null;
  readonly name: string;
  /** A trigger's own table: there a bare or NEW.-qualified name means its columns. */
  readonly tableName: string | null;
  /** What fires a trigger: INSERT, UPDATE or DELETE. */
  readonly event?: string | null;
  /** Null when this user may not read it. */
  readonly text: string | null;
}

/** Procedures count as functions. The texts are those of the database that the session is in. */
const CODE = `
  SELECT 'trigger' AS kind, TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS tableName, ACTION_STATEMENT AS text, NULL AS called, EVENT_MANIPULATION AS event
    FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
  UNION ALL SELECT 'view', TABLE_NAME, NULL, NULLIF(VIEW_DEFINITION, ''), NULL, NULL FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()
  UNION ALL SELECT 'function', ROUTINE_NAME, NULL, ROUTINE_DEFINITION, LOWER(ROUTINE_TYPE), NULL FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
  UNION ALL SELECT 'event', EVENT_NAME, NULL, EVENT_DEFINITION, NULL, NULL FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()`;

/** Code of the database with the identifiers that it names; null where the text may not be read. */
export interface Code extends CodeRow {
  readonly identifiers: ReadonlySet<string> | null;
}

const namesIn = ({ kind, text }: CodeRow, dialect: MysqlDialect): ReadonlySet<string> | null =>
  text === null ? null : (kind === "view" ? identifiersOfQuery : identifiersIn)(text, dialect);

/** Triggers, views, routines and events, without our own triggers. */
export async function readCode(session: Session, dialect: MysqlDialect): Promise<Code[]> {
  const rows = await session.query<CodeRow>(CODE);
  return rows
    .filter((row) => !(row.kind === "trigger" && row.name.startsWith(TRIGGER_PREFIX)))
    .map((row) => ({ ...row, identifiers: namesIn(row, dialect) }));
}

/** A code names a column when it names both the table and the column. Text that may not be read may name anything. */
function namedBy(code: Code, table: string, columns: readonly string[]): string[] {
  const { identifiers } = code;
  if (identifiers === null) return [...columns];
  if (code.tableName !== table && !identifiers.has(table.toLowerCase())) return [];
  return columns.filter((column) => identifiers.has(column.toLowerCase()));
}

const firing = ({ kind, tableName, event }: CodeRow): Pick<Dependent, "fires"> =>
  kind === "trigger" && tableName !== null && event != null ? { fires: { table: tableName, event } } : {};

/** What names columns of a table: code, and the table's own generated columns. */
export function dependentsOfTable(
  table: string,
  columns: readonly Column[],
  code: readonly Code[],
  dialect: MysqlDialect,
): Dependent[] {
  const names = columns.map((column) => column.name);
  const generated = columns.flatMap(({ name, generated: by }): Dependent[] => {
    if (by === null) return [];
    const named = identifiersIn(by.expression, dialect);
    return [{ kind: "generated-column", name, columns: names.filter((n) => named.has(n.toLowerCase())) }];
  });
  const named = code.map(
    (c): Dependent => ({ kind: c.kind, name: c.name, ...firing(c), columns: namedBy(c, table, names) }),
  );
  return [...generated, ...named].filter((d) => d.columns.length > 0);
}

/** For the gate: `view active_users`, with a remark where the text could not be read. */
export function usersOf(code: readonly Code[], table: string, column: string): string[] {
  return code
    .filter((c) => namedBy(c, table, [column]).length > 0)
    .map((c) => `${c.called ?? c.kind} ${c.name}${c.identifiers === null ? " (this user may not read its text)" : ""}`);
}

/** Views of ours stand in for a table that is renamed. */
const isOurs = (code: Code): boolean => code.kind === "view" && code.name.startsWith(TRIGGER_PREFIX);

/** For the gate: what names a table, besides its own triggers. Text that may not be read may name anything. */
export function wholeUsersOf(code: readonly Code[], table: string): string[] {
  const others = code.filter((c) => c.tableName !== table && !isOurs(c) && !(c.kind === "view" && c.name === table));
  return others
    .filter((c) => c.identifiers === null || c.identifiers.has(table.toLowerCase()))
    .map((c) => `${c.called ?? c.kind} ${c.name}${c.identifiers === null ? " (this user may not read its text)" : ""}`);
}
