import type { Breakage } from "../../../model/effect.js";
import type { ColumnDefinition } from "../../../model/operation.js";
import { isMetByDefault } from "../../met-by-default.js";
import { defaultValue } from "./default-value.js";
import { isShape } from "./modify/type.js";
import { refusedColumn } from "./refused-column.js";
import { enforcesChecks, enforcesInlineReferences, type Server } from "./server.js";

/** A row that does not name the column gets a value of the column's own. */
function hasValue(column: ColumnDefinition): boolean {
  const written = column.default !== null && !/^\(*\s*null\b/i.test(column.default);
  return written || column.autoIncrement || column.generated !== null;
}

function isRequired(column: ColumnDefinition): boolean {
  return column.notNull && !hasValue(column);
}

/** Every row gets the same value, which must be unique. Without a default that is the type's zero value. */
function repeats(column: ColumnDefinition, { dialect }: Server): boolean {
  if (!column.unique && !column.primaryKey) return false;
  if (isRequired(column)) return true;
  return column.default !== null && hasValue(column) && defaultValue(column.default, dialect).instant;
}

/** What running code loses when the column is there. */
export function breaksOf(column: ColumnDefinition, server: Server): Breakage[] {
  const breaks: Breakage[] = [];
  const add = (why: string) => breaks.push(Object.freeze({ what: "writes", who: "N-1", why }));
  if (isRequired(column)) {
    add(
      `an INSERT that does not name ${column.name} fails (1364); rows that are there get 0 or '' without being asked`,
    );
  } else if (repeats(column, server)) {
    add(`the second INSERT that does not name ${column.name} fails (1062)`);
  }
  if (server.dialect === "mariadb" && column.checks.length > 0 && mayViolate(column)) {
    add(
      "MariaDB does not check the rows that are there: every later UPDATE of one that violates the CHECK fails (4025)",
    );
  }
  return breaks;
}

/** Null passes a CHECK unless it is about null. */
function mayViolate(column: ColumnDefinition): boolean {
  const may = column.notNull || hasValue(column) || column.checks.some((c) => /\bnull\b/i.test(c.expression));
  return may && !isMetByDefault(column);
}

/** Why adding it can fail on the rows that are there. */
export function failureOf(column: ColumnDefinition, server: Server): string | null {
  const refused = refusedColumn(column, server);
  if (refused !== null) return `it is refused, because ${refused}`;
  if (isRefused(column, server)) return "it is refused where the binary log is on: the default is unsafe (1674)";
  if (isRequired(column)) {
    const zero = zeroFailure(column, server);
    if (zero !== null) return zero;
  }
  if (repeats(column, server)) return "it fails when the table has two rows (1062)";
  const checked =
    column.checks.some((c) => c.enforced !== false) && server.dialect === "mysql" && enforcesChecks(server);
  if (checked && mayViolate(column)) return "it fails where the CHECK does not hold for the new value (3819)";
  const points = column.references !== null && enforcesInlineReferences(server);
  return points && (hasValue(column) || column.notNull) ? "it fails when the default refers to no row (1452)" : null;
}

function isRefused(column: ColumnDefinition, { dialect }: Server): boolean {
  return column.default !== null && defaultValue(column.default, dialect).unsafe;
}

/** Types whose zero value MySQL does not accept in its default sql_mode. MariaDB's default accepts it. */
function zeroFailure(column: ColumnDefinition, { dialect }: Server): string | null {
  if (dialect === "mariadb") return null;
  if (/^date(time)?\b/i.test(column.type)) return "it fails when the table has a row: there is no zero date (1292)";
  return isShape(column.type) ? "it fails when the table has a row: there is no zero value (1138)" : null;
}
