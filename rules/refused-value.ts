import { findTable } from "../src/engines/engine.js";
import { notNullNamed } from "../src/engines/postgres/not-null-names.js";
import { lookUpType } from "../src/engines/table-lookup.js";
import type { Catalog } from "../src/model/catalog.js";
import type { AlterObject } from "../src/model/detail/object.js";
import type { ColumnDefinition } from "../src/model/operation.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "written">;

const LEAVE_OUT = "Leave the statement out, or correct the value.";
const SPELL = "Correct the name; or add, in front of it, what is missing.";

/** Why PostgreSQL refuses a value, a default, or the name of a constraint or column that a statement is about; null where it does not for certain. */
export function refusedValue(asked: Asked): Missing | null {
  if (asked.engine.name !== "postgres") return null;
  return refusedEnumValue(asked) ?? refusedDefault(asked) ?? missingCheck(asked) ?? missingCommented(asked);
}

function refusedEnumValue({ operation, catalog, engine, written }: Asked): Missing | null {
  const altered = detailOf(operation, "alter-object");
  if (altered?.object !== "type" || altered.name === null) return null;
  const values = lookUpType(catalog, altered.name)?.values;
  const why = values === undefined ? null : enumConflict(altered, values, written.text);
  return why === null ? null : { what: `enum ${engine.quoteRelation(altered.name)} ${why}`, help: LEAVE_OUT };
}

function enumConflict({ changes, values = [] }: AlterObject, known: readonly string[], text: string): string | null {
  const [value = "", to = ""] = values;
  if (changes.includes("RENAME VALUE")) {
    if (!known.includes(value)) return `has no value '${value}' (22023)`;
    return known.includes(to) ? `has a value '${to}' already (42710)` : null;
  }
  if (!changes.includes("ADD VALUE")) return null;
  if (known.includes(value)) return changes.includes("IF NOT EXISTS") ? null : `has a value '${value}' already (42710)`;
  const beside = /\b(?:before|after)\s+'((?:[^']|'')*)'\s*;?\s*$/i.exec(text)?.[1]?.replaceAll("''", "'");
  return beside === undefined || known.includes(beside) ? null : `has no value '${beside}' (22023)`;
}

interface Defaulted {
  readonly type: string;
  readonly value: string;
}

const ofColumn = ({ type, default: value }: ColumnDefinition): readonly Defaulted[] =>
  value === null ? [] : [{ type, value }];

/** The columns that are made or changed, and the texts of their defaults. */
function defaulted({ operation, catalog }: Asked): readonly Defaulted[] {
  if (operation.kind === "add-column") return ofColumn(operation.column);
  if (operation.kind === "create-table") return operation.columns.flatMap(ofColumn);
  const set = detailOf(operation, "set-default");
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  const type = table?.columns.find(({ name }) => name === set?.column)?.type;
  const value = set === null ? null : set.default;
  return type === undefined || value === null ? [] : [{ type, value }];
}

const NUMBERS = /^(?:small|big)?(?:int|integer|serial)[248]?$|^(?:numeric|decimal|real|double precision|float[48]?)\b/i;

/** A default that is a text and nothing else. */
function refusedDefault(asked: Asked): Missing | null {
  for (const column of defaulted(asked)) {
    const refused = refusedText(column, asked);
    if (refused !== null) return refused;
  }
  return null;
}

function refusedText(column: Defaulted, asked: Asked): Missing | null {
  const text = /^\s*'((?:[^']|'')*)'\s*$/.exec(column.value)?.[1]?.replaceAll("''", "'");
  if (text === undefined) return null;
  const isNumber =
    /^\s*(?:[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?inf(?:inity)?|nan|0[xob][\da-f_]+)\s*$/i.test(text);
  const values = enumValues(column.type, asked.catalog);
  const isRefused = NUMBERS.test(column.type.trim()) ? !isNumber : values !== null && !values.includes(text);
  return isRefused ? { what: `'${text}' is no value of ${column.type} (22P02)`, help: LEAVE_OUT } : null;
}

/** The values of the enum that a type is, where files have made it; else null (PostgreSQL). */
export function enumValues(type: string, catalog: Catalog): readonly string[] | null {
  const name = /^(?:(\w+)\.)?(\w+)$/.exec(type.trim());
  if (name === null) return null;
  return lookUpType(catalog, { schema: name[1] ?? null, name: name[2] ?? "" })?.values ?? null;
}

/** VALIDATE CONSTRAINT of one that the table does not have. */
function missingCheck({ operation, catalog, engine }: Asked): Missing | null {
  const validated = detailOf(operation, "validate-constraint");
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (validated === null || table === null || table.partitionOf !== null) return null;
  const { name } = validated;
  const isThere =
    table.constraints.some((one) => one.name === name) || notNullNamed(table, table.relation.name, name) !== null;
  if (isThere) return null;
  return {
    what: `${engine.quoteRelation(table.relation)} has no constraint ${engine.quote(name)} (42704)`,
    help: SPELL,
  };
}

/** COMMENT ON COLUMN of one that the table does not have. */
function missingCommented({ operation, catalog, engine }: Asked): Missing | null {
  const comment = detailOf(operation, "comment");
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  const name = comment?.names?.at(-1);
  if (comment?.on !== "column" || table === null || table.columns.length === 0 || name === undefined) return null;
  if (table.columns.some((one) => one.name === name)) return null;
  return { what: `${engine.quoteRelation(table.relation)} has no column ${engine.quote(name)} (42703)`, help: SPELL };
}
