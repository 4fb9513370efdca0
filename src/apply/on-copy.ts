import { findTable } from "../engines/engine.js";
import { mayName } from "../history/text.js";
import type { Catalog, Table } from "../model/catalog.js";
import type { MigrationPlan, Retired } from "../model/plan.js";

/** What stands on one of two columns that are about to exchange their names. */
export interface OnCopy {
  readonly kind: "index" | "constraint" | "foreign key" | "generated column";
  readonly name: string;
  readonly column: string;
}

const has = (columns: readonly string[], column: string): boolean =>
  columns.some((c) => c.toLowerCase() === column.toLowerCase());

const pointing = ({ referencedBy }: Table, column: string): OnCopy[] =>
  referencedBy
    .filter((r) => has(r.columns, column))
    .map(({ constraint: name }) => ({ kind: "foreign key", name, column }));

/** MariaDB keeps a CHECK that stands in a column's definition with that column. */
const inlineChecks = ({ columns }: Table, column: string): OnCopy[] =>
  columns
    .filter((c) => !has([c.name], column) && c.settings.some((s) => s.startsWith("CHECK ") && mayName(s, column)))
    .map(({ name }) => ({ kind: "constraint", name, column }));

function onNew(table: Table, column: string): OnCopy[] {
  const { indexes, constraints } = table;
  const index = indexes
    .filter((i) => has(i.columns, column))
    .map(({ name }): OnCopy => ({ kind: "index", name, column }));
  const constraint = constraints
    .filter((c) => has(c.columns, column))
    .map(({ name }): OnCopy => ({ kind: "constraint", name, column }));
  return [...index, ...constraint, ...pointing(table, column), ...inlineChecks(table, column)];
}

const ownKeys = ({ constraints }: Table, column: string): OnCopy[] =>
  constraints
    .filter((c) => c.kind === "foreign-key" && has(c.columns, column))
    .map(({ name }) => ({ kind: "foreign key", name, column }));

const computed = ({ dependents }: Table, column: string): OnCopy[] =>
  dependents
    .filter((d) => d.kind === "generated-column" && has(d.columns, column))
    .map(({ name }) => ({ kind: "generated column", name, column }));

/** MySQL renames no column that such a one names; MariaDB's follow the column. */
const checks = ({ constraints }: Table, column: string): OnCopy[] =>
  constraints
    .filter((c) => c.kind === "check" && has(c.columns, column))
    .map(({ name }) => ({ kind: "constraint", name, column }));

/** Measured on MariaDB 10.11: a default is not taken back together with a column where a virtual column is computed from the other. */
const keepsLent = ({ claims = [] }: MigrationPlan, replacement: string, { dialect }: Catalog): boolean =>
  dialect === "mariadb" && claims.some((c) => c.lends === true && c.name === replacement);

/**
 * What has come since the plan and would go with the second column, or keeps the server from exchanging the names or from
 * the drop (MySQL, MariaDB); null where nothing has.
 *
 * @param swapped the second column is parked
 */
export function onCopy(plan: MigrationPlan, retired: Retired, catalog: Catalog, swapped: boolean): OnCopy | null {
  const { exchanges, replacement, column, parked } = retired;
  const table = findTable(catalog, retired.relation);
  if (!exchanges || replacement === null || table === null) return null;
  const copy = swapped ? parked : replacement;
  const found = [
    ...onNew(table, copy),
    ...computed(table, copy),
    ...(swapped ? [] : computed(table, column)),
    ...(swapped && keepsLent(plan, replacement, catalog) ? computed(table, replacement) : []),
    ...(!swapped && catalog.dialect === "mysql" ? checks(table, column) : []),
  ];
  return found.find(isOther(plan)) ?? null;
}

/** No step of the plan is about it. */
const isOther =
  ({ steps }: MigrationPlan) =>
  ({ name }: OnCopy): boolean =>
    !name.startsWith("zmigrate_") && !steps.some((s) => s.sql.some((sql) => mayName(sql, name)));

/**
 * What has come since the plan and keeps the server from taking an exchange of names back (MySQL, MariaDB); null where
 * nothing has. Measured: on MariaDB 10.11 what names the new column goes with it to the old name.
 */
export function inWayBack(plan: MigrationPlan, retired: Retired, catalog: Catalog): OnCopy | null {
  const { exchanges, replacement, parked, pointedAt } = retired;
  const table = findTable(catalog, retired.relation);
  if (!exchanges || replacement === null || table === null) return null;
  const added = pointedAt === undefined ? [] : pointing(table, replacement).filter((f) => !pointedAt.includes(f.name));
  const onReplacement = [...computed(table, replacement), ...checks(table, replacement), ...added];
  const found = [
    ...onNew(table, parked),
    ...computed(table, parked),
    ...(catalog.dialect === "mysql" ? onReplacement : []),
  ];
  return found.find(isOther(plan)) ?? null;
}

/** CHECKs over others besides the column: one over the column alone goes with it. */
const overOthers = ({ constraints }: Table, column: string): OnCopy[] =>
  constraints
    .filter((c) => c.kind === "check" && c.columns.length > 1 && has(c.columns, column))
    .map(({ name }) => ({ kind: "constraint", name, column }));

/**
 * What has come since the plan and keeps the server from dropping the second column again before a swap; null where nothing
 * has. Measured on MySQL 9.7 and MariaDB 10.11; MySQL's CHECKs also keep the way there from ending. PostgreSQL is asked for all
 * that it keeps a column for (`holders`).
 */
export function inWayOfDrop(plan: MigrationPlan, retired: Retired, catalog: Catalog): OnCopy | null {
  const { replacement } = retired;
  const table = findTable(catalog, retired.relation);
  const { dialect } = catalog;
  if (replacement === null || table === null || dialect === undefined) return null;
  const found = [
    ...computed(table, replacement),
    ...pointing(table, replacement),
    ...ownKeys(table, replacement),
    ...overOthers(table, replacement),
    ...inlineChecks(table, replacement),
    ...(dialect === "mysql" ? checks(table, replacement) : []),
  ];
  return found.find(isOther(plan)) ?? null;
}
