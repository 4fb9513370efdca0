import type { Effect } from "../../../../model/effect.js";
import { effect } from "../../../effect.js";
import { addedConstraints } from "../../../table-lookup.js";
import { lock } from "../locks.js";
import { keepsNull, provesNotNull } from "../not-null.js";
import { partitionNote } from "../notes.js";
import { keysSettingNull } from "../set-null.js";
import { catalogChange, columnOf, type Subject, scanUnder, siblingsOf } from "../subject.js";
import { isAtLeast } from "../versions.js";

/** SET NOT NULL reads every row, unless the column is NOT NULL already or a check has proved it. */
export function setNotNullEffect({ column }: { readonly column: string }, subject: Subject): Effect {
  if (isNotNull(subject, column)) return catalogChange(subject, "ACCESS EXCLUSIVE");
  const { table, context, relation } = subject;
  const known = table ?? { constraints: addedConstraints(context.catalog, relation) };
  const proved = provesNotNull(known, column, siblingsOf(subject));
  const breaks = isKept(table, column) ? [] : keysSettingNull(table, (one) => one === column, "23502");
  if (proved) return catalogChange(subject, "ACCESS EXCLUSIVE", { breaks });
  return scanUnder(subject, "ACCESS EXCLUSIVE", {
    breaks,
    fails: `it fails where ${column} is NULL (23502)`,
    enforces: [`${column} is not NULL`],
    assumes: subject.table === null ? [`no check proves that ${column} is not NULL: the table is not known`] : [],
  });
}

/** A check keeps NULL out already, or a NOT NULL whose rows were not looked at. */
const isKept = (table: Subject["table"], column: string): boolean =>
  table?.constraints.some(
    ({ kind, definition, columns }) =>
      (kind === "check" && keepsNull(definition, column)) || (kind === "not-null" && columns.includes(column)),
  ) === true;

/** PostgreSQL 18's NOT NULL ... NOT VALID marks the column, though rows were not looked at. */
function isNotNull(subject: Subject, column: string): boolean {
  const open = subject.table?.constraints.some((c) => isOpen(c) && c.columns.includes(column));
  return columnOf(subject, column)?.notNull === true && open !== true;
}

function isOpen(constraint: { readonly kind: string; readonly validated: boolean }): boolean {
  return constraint.kind === "not-null" && !constraint.validated;
}

/** DROP NOT NULL: what reads the column may meet NULL once new code writes it. */
export function dropNotNullEffect({ column }: { readonly column: string }, subject: Subject): Effect {
  const { table, relation } = subject;
  const known = columnOf(subject, column);
  // There is nothing to drop: PostgreSQL 18 sees it at the table itself.
  if (known !== null && !known.notNull && isAtLeast(subject.context, 18)) {
    return effect({ locks: [lock(relation, "ACCESS EXCLUSIVE", "brief")], assumes: partitionNote(table) });
  }
  return catalogChange(subject, "ACCESS EXCLUSIVE", {
    fails: heldBy(subject, column),
    assumes: table === null ? [`${column} is taken to be in no primary key: the table is not known`] : [],
  });
}

export function heldBy({ table }: Subject, column: string): string | null {
  const key = table?.constraints.find((c) => c.kind === "primary-key" && c.columns.includes(column));
  if (key !== undefined) return `${column} is in the primary key (42P16)`;
  const replica = table?.indexes.find((i) => i.replicaIdentity === true && i.columns.includes(column));
  if (replica !== undefined) return `${column} is in the replica identity ${replica.name} (42P16)`;
  const identity = table?.columns.find((c) => c.name === column)?.identity ?? null;
  return identity === null ? null : `${column} is an identity column (42601)`;
}
