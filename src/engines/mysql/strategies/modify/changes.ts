import type { Column, Table } from "../../../../model/catalog.js";
import type { ModifyColumn } from "../../../../model/detail/column.js";
import type { ColumnDefinition } from "../../../../model/operation.js";
import { becomesNotNull, becomesNull, movesTo, sameExpression } from "../../effects/modify/compared.js";
import { displayChange } from "../../effects/modify/display.js";
import { textChange } from "../../effects/modify/text-change.js";
import { columnType, isText, sameType, typeOf } from "../../effects/modify/type.js";
import type { MysqlDialect } from "../../parse/dialect.js";

/** What a column's new definition changes. */
export type Changed =
  | "type"
  | "display"
  | "width"
  | "characters"
  | "null"
  | "not-null"
  | "default"
  | "comment"
  | "on-update"
  | "auto-increment"
  | "generated"
  | "place"
  | "visibility"
  | "attributes";

const isNull = (text: string | null): boolean => text === null || /^null$/i.test(text.trim());
const NUMERIC = /^(?:(?:tiny|small|medium|big)?int|decimal|double|float|year)$/;

function sameDefault(old: Column, definition: ColumnDefinition, dialect: MysqlDialect): boolean {
  const [a, b] = [old.default, definition.default];
  if (a === null || b === null || isNull(a) || isNull(b)) return isNull(a) && isNull(b);
  if (!NUMERIC.test(typeOf(old.type, dialect).base)) return sameExpression(a, b, dialect);
  const bare = (text: string) => text.trim().replace(/^'(.*)'$/s, "$1");
  return bare(a) === bare(b) || Number(bare(a)) === Number(bare(b));
}

const sameMoment = (a: string | null, b: string | null, dialect: MysqlDialect): boolean =>
  a === null || b === null ? a === b : sameExpression(a, b, dialect);

function sameGeneration(old: Column, definition: ColumnDefinition, dialect: MysqlDialect): boolean {
  const [a, b] = [old.generated, definition.generated];
  if (a === null || b === null) return a === b;
  return a.kind === b.kind && sameExpression(a.expression, b.expression, dialect);
}

const isHidden = (definition: ColumnDefinition): boolean =>
  (definition.attributes ?? []).some((a) => a.name === "INVISIBLE");

/** SRID, COLUMN_FORMAT, STORAGE and the like that the column has not. */
function saysMore(old: Column, definition: ColumnDefinition): boolean {
  const said = (definition.attributes ?? []).filter((a) => !/^(?:NULL|VISIBLE|INVISIBLE|SIGNED)$/.test(a.name));
  return said.some((a) => !old.settings.includes(a.value === null ? a.name : `${a.name} ${a.value}`));
}

/**
 * What a definition changes of the column that is there, by comparing the two. What it merely does not repeat is for
 * `Effect.loses`.
 */
export function changesOf(
  { definition, position }: ModifyColumn,
  old: Column,
  table: Table,
  dialect: MysqlDialect,
): ReadonlySet<Changed> {
  const changes = new Set<Changed>();
  const when = (changed: boolean, what: Changed) => (changed ? changes.add(what) : undefined);
  const text = isText(definition.type) && isText(old.type);
  when(!sameType(columnType(old, dialect), typeOf(definition.type, dialect)), "type");
  const display = displayChange(old.type, definition.type, dialect);
  if (display !== "same") changes.add(display);
  when(text && textChange(old, definition, table) !== "none", "characters");
  when(becomesNull(definition, old, table), "null");
  when(becomesNotNull(definition, old), "not-null");
  when(old.generated === null && !definition.autoIncrement && !sameDefault(old, definition, dialect), "default");
  when((definition.comment ?? "") !== (old.comment ?? ""), "comment");
  when(!sameMoment(old.onUpdate, definition.onUpdate, dialect), "on-update");
  when(old.autoIncrement !== definition.autoIncrement, "auto-increment");
  when(!sameGeneration(old, definition, dialect), "generated");
  when(movesTo(position, old, table), "place");
  when(old.settings.includes("INVISIBLE") !== isHidden(definition), "visibility");
  when(saysMore(old, definition), "attributes");
  return changes;
}
