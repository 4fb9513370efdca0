import type { Constraint, Table } from "../../model/catalog.js";
import { impliedName } from "./implied-name.js";

/** A NOT NULL that has a name (PostgreSQL 18): of which column, where that is known. */
export interface NamedNotNull {
  readonly column: string | null;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The NOT NULL that a constraint's name means; null where it means something else. PostgreSQL 18 names every one:
 * `users_email_not_null` where nobody does.
 *
 * @param table null when it is not known: then what is named like one is taken for one
 * @param added what the files have added to a table that is not known
 */
export function notNullNamed(
  table: Table | null,
  relationName: string,
  name: string,
  added: readonly Constraint[] = [],
): NamedNotNull | null {
  const known = (table?.constraints ?? added).find((c) => c.name === name);
  if (known !== undefined) return known.kind === "not-null" ? { column: known.columns[0] ?? null } : null;
  const named = table?.columns.find(
    (c) => c.notNull && name === (c.notNullName ?? impliedName(relationName, [c.name], "not_null", NONE)),
  );
  if (named !== undefined) return { column: named.name };
  return /_not_null\d*$/.test(name) ? { column: null } : null;
}
