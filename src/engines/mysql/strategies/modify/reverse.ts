import type { Catalog, Column, Table } from "../../../../model/catalog.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { lettersOf } from "../../effects/modify/text-change.js";
import { quote, quoteRelation } from "../../names.js";
import type { MysqlDialect } from "../../parse/dialect.js";
import { parseMysql } from "../../parse/index.js";
import { isUntold } from "../../triggers/values.js";
import { alter } from "../ddl.js";
import { defaultAgain, isMoment, takesNoDefault } from "../default-again.js";
import { isNotNull, not } from "../facts.js";
import { guarded } from "../guarded.js";
import { definitionOf } from "../literals.js";
import { onlineWay } from "../online.js";
import type { Modify } from "./subject.js";

/** The column as its new definition leaves it, as far as the way back depends on it. */
function afterwards({ old, detail, table, changes }: Modify): Column {
  const { type, notNull, default: value, comment, onUpdate } = detail.definition;
  const { collation, characterSet } = lettersOf(detail.definition, table);
  const hidden = old.settings.includes("INVISIBLE") !== changes.has("visibility");
  const settings = [...old.settings.filter((s) => s !== "INVISIBLE"), ...(hidden ? ["INVISIBLE"] : [])];
  return { ...old, type, notNull, default: value, collation, characterSet, comment, onUpdate, settings };
}

function columnsAfter(m: Modify): Column[] {
  const { position } = m.detail;
  const others = m.table.columns.filter((c) => c !== m.old);
  const same = (name: string) => (c: Column) => c.name.toLowerCase() === name.toLowerCase();
  if (position === null) return m.table.columns.map((c) => (c === m.old ? afterwards(m) : c));
  const at = position === "first" ? 0 : others.findIndex(same(position.after)) + 1;
  return others.toSpliced(at, 0, afterwards(m));
}

function catalogAfter(m: Modify): Catalog {
  const { catalog } = m.context;
  const table: Table = { ...m.table, columns: columnsAfter(m) };
  return { ...catalog, tables: catalog.tables.map((t) => (t === m.table ? table : t)) };
}

/** Where the column stands now. */
function placeBack({ table, old, changes }: Modify): string {
  if (!changes.has("place")) return "";
  const before = table.columns[table.columns.indexOf(old) - 1];
  return before === undefined ? " FIRST" : ` AFTER ${quote(before.name)}`;
}

/** A statement of ours as an operation that effects can be asked for; null where it is none of this table. */
export function operationOf(sql: string, dialect: MysqlDialect): OtherOperation | null {
  const operation = parseMysql(sql, dialect).statements[0]?.operations[0];
  return operation?.kind === "other" && operation.detail !== undefined ? operation : null;
}

/** Rows that became NULL meanwhile are kept, and the column then stays one that may be NULL. */
const noneIsNull = ({ table, old }: Modify): string =>
  `NOT EXISTS (SELECT 1 FROM ${quoteRelation(table.relation)} WHERE ${quote(old.name)} IS NULL)`;

/** A change of the column as the new definition leaves it, asserted to be online; null where it is not. */
function online(m: Modify, change: string): string | null {
  const operation = operationOf(alter(m.table.relation, change), m.context.dialect);
  const way = operation === null ? null : onlineWay(operation, { ...m.context, catalog: catalogAfter(m) });
  return way === null ? null : alter(m.table.relation, `${change}, ${way.clause}`);
}

/**
 * The statements that give a column back the definition that it has now, while the table is read and written. Null where
 * the server would copy it.
 */
export function wayBack(m: Modify): string[] | null {
  if (isUntold(m.old, m.context.dialect)) return null;
  const statement = online(m, `MODIFY COLUMN ${quote(m.old.name)} ${definitionOf(m.old)}${placeBack(m)}`);
  if (statement === null) return null;
  const nullable = isNotNull(m.table.relation, m.old.name);
  if (m.changes.has("null")) return guarded(`${not(nullable)} AND ${noneIsNull(m)}`, statement);
  return m.changes.has("not-null") ? guarded(nullable, statement) : [statement];
}

/**
 * The statement that gives a column back the default that it has now, where the rest of its definition stays: old code that
 * leaves the column out must not write what it does not know. Null where that is not needed, or cannot be.
 */
export function defaultBack(m: Modify): string | null {
  const { old, detail, context, changes } = m;
  const apart = takesNoDefault(old, context) || isMoment(old.default ?? "") || isUntold(old, context.dialect);
  const moves = old.onUpdate !== null || detail.definition.onUpdate !== null;
  return changes.has("default") && !apart && !moves ? online(m, defaultAgain(old)) : null;
}
