import { findTable } from "../src/engines/engine.js";
import { notNullNamed } from "../src/engines/postgres/not-null-names.js";
import { lookUpType } from "../src/engines/table-lookup.js";
import type { AlterObject } from "../src/model/detail/object.js";
import type { Missing } from "./missing-from-history.js";
import { refusedDefault } from "./refused-default.js";
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
