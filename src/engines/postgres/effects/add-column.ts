import type { Catalog, Table } from "../../../model/catalog.js";
import type { Breakage, Effect, Lock } from "../../../model/effect.js";
import type { AddColumn, ColumnDefinition } from "../../../model/operation.js";
import { effect } from "../../effect.js";
import { type EffectContext, findTable } from "../../engine.js";
import { defaultOf } from "./domain-default.js";
import { lock } from "./locks.js";
import { partitionNote } from "./notes.js";
import { isNull } from "./null-text.js";
import { sameRelation, withPartitions } from "./relations.js";
import { columnSettingNull } from "./set-null.js";
import { typeName, userType } from "./type-names.js";
import { typeFacts } from "./types.js";
import { unsetSetting, unsetWhy } from "./unset-setting.js";
import { notBefore } from "./versions.js";
import { type Volatility, volatilityIn } from "./volatility.js";

/** ADD COLUMN: a change of the catalog, unless a value must be computed or a constraint checked for the rows there are. */
export function addColumnEffect(operation: AddColumn, context: EffectContext): Effect {
  const table = findTable(context.catalog, operation.relation);
  const exists = table?.columns.some((c) => c.name === operation.column.name) === true;
  if (operation.ifNotExists && exists) return existingEffect(operation);
  const column = { ...operation.column, default: defaultOf(operation.column, context.catalog) };
  const work = workOf(column, operation.column, context.catalog);
  return effect({
    locks: locksOf(operation, work, context),
    rewrite: work.rewrite,
    scan: work.rewrite || work.scan || work.build,
    indexesRebuilt: work.rewrite,
    breaks: [...breaksOf(column, context.catalog), ...columnSettingNull(operation.column, operation.relation)],
    fails:
      tooMany(table) ?? olderThan(operation.column, context) ?? failureOf(column, operation.column, context.catalog),
    replicaCost: work.rewrite || work.build ? "replay" : "none",
    assumes: [...partitionNote(table), ...work.assumes, ...existingUnknown(operation, table !== null)],
  });
}

/** PostgreSQL takes the lock, says that the column is there already, and looks at nothing else of the definition. */
function existingEffect(operation: AddColumn): Effect {
  return effect({
    locks: [lock(operation.relation, "ACCESS EXCLUSIVE", "brief")],
    assumes: [`${operation.column.name} exists: nothing is changed, whatever its type is`],
  });
}

/** What must be done to the rows that are there. */
interface Work {
  readonly rewrite: boolean;
  readonly scan: boolean;
  readonly build: boolean;
  readonly assumes: readonly string[];
}

/** @param written the column without its domain's default */
function workOf(column: ColumnDefinition, written: ColumnDefinition, catalog: Catalog): Work {
  const volatility = defaultVolatility(column, catalog);
  const type = typeFacts(column.type, catalog);
  const domain = !column.autoIncrement && !type.base && !type.free;
  const known = domain && isConstrained(column.type, catalog);
  const computed = column.autoIncrement || column.identity !== null || column.generated?.kind === "stored";
  return {
    rewrite: volatility.volatile || computed || domain,
    scan: column.checks.some((c) => c.enforced !== false) || scansForNull(column) || scansForKey(written),
    build: column.unique || column.primaryKey,
    assumes: [
      ...volatility.unknown.map((f) => `${f} is taken for a volatile function`),
      ...(domain && !known ? [`type ${column.type} is taken for a domain with a constraint`] : []),
    ],
  };
}

function isConstrained(type: string, catalog: Catalog): boolean {
  const read = typeName(type);
  return read !== null && userType(read, catalog)?.constrained === true;
}

/** As many columns as a table can have, dropped ones among them. */
const MOST = 1600;

const tooMany = (table: Table | null): string | null =>
  table !== null && table.columns.length >= MOST ? `a table takes no more than ${MOST} columns (54011)` : null;

/** What only newer servers can do. */
function olderThan(column: ColumnDefinition, context: EffectContext): string | null {
  if (column.generated?.kind === "virtual") return notBefore(context, 18, "virtual generated columns");
  return column.checks.some((c) => c.enforced === false) ? notBefore(context, 18, "NOT ENFORCED") : null;
}

function defaultVolatility(column: ColumnDefinition, catalog: Catalog): Volatility {
  return column.default === null ? { volatile: false, unknown: [] } : volatilityIn(column.default, catalog);
}

/** A virtual column has no stored value that could be known to be not null. */
function scansForNull(column: ColumnDefinition): boolean {
  return column.generated?.kind === "virtual" && column.notNull;
}

/** Without a default every value is null and refers to nothing. PostgreSQL does not see that DEFAULT NULL is the same, nor the default of a domain. */
function scansForKey(column: ColumnDefinition): boolean {
  return column.references !== null && column.default !== null;
}

function locksOf({ relation, column, only }: AddColumn, work: Work, { catalog }: EffectContext): Lock[] {
  const held = heldFor(work);
  const all = only === true ? [relation] : withPartitions(catalog, relation);
  const own = all.map((r) => lock(r, "ACCESS EXCLUSIVE", held));
  const target = column.references?.relation;
  if (target === undefined || sameRelation(catalog, target, relation)) return own;
  return [...own, ...withPartitions(catalog, target).map((r) => lock(r, "SHARE ROW EXCLUSIVE", held))];
}

function heldFor(work: Work): Lock["held"] {
  if (work.rewrite) return "rewrite";
  if (work.build) return "build";
  return work.scan ? "scan" : "brief";
}

/** The column gets a value of its own in rows that do not name it. */
function hasValue(column: ColumnDefinition): boolean {
  const written = column.default !== null && !isNull(column.default);
  return written || column.autoIncrement || column.identity !== null || column.generated !== null;
}

function breaksOf(column: ColumnDefinition, catalog: Catalog): Breakage[] {
  const breaks: Breakage[] = [];
  if (column.notNull && !hasValue(column)) {
    const why = `an INSERT that does not name ${column.name} fails (23502)`;
    breaks.push(Object.freeze({ what: "writes", who: "N-1", why }));
  }
  const setting = unsetSetting(column.default ?? "");
  if (setting !== null) breaks.push(Object.freeze({ what: "writes", who: "N-1", why: unsetWhy(column.name, setting) }));
  if (repeats(column, catalog)) {
    const why = `the second INSERT that does not name ${column.name} fails (23505)`;
    breaks.push(Object.freeze({ what: "writes", who: "N-1", why }));
  }
  if (!typeFacts(column.type).comparable) {
    const why = `${column.type} has no equality operator: SELECT DISTINCT, GROUP BY and UNION over the whole row fail`;
    breaks.push(Object.freeze({ what: "reads", who: "N-1", why }));
  }
  return breaks;
}

/** Every row that does not name it gets the same value, which must be unique. */
function repeats(column: ColumnDefinition, catalog: Catalog): boolean {
  const steady = column.default !== null && !defaultVolatility(column, catalog).volatile;
  return (column.unique || column.primaryKey) && steady && hasValue(column);
}

function failureOf(column: ColumnDefinition, written: ColumnDefinition, catalog: Catalog): string | null {
  if (column.notNull && !hasValue(column)) return "it fails when the table has a row (23502)";
  if (column.notNull && column.generated !== null) return "it fails where the expression is null (23502)";
  if (repeats(column, catalog)) return "it fails when the table has two rows (23505)";
  const checked = column.checks.some((c) => hasValue(column) || /\bnull\b/i.test(c.expression));
  if (checked) return "it fails where the CHECK does not hold for the new value (23514)";
  return written.references !== null && hasValue(written) ? "it fails when the default refers to no row (23503)" : null;
}

function existingUnknown(operation: AddColumn, known: boolean): string[] {
  if (!operation.ifNotExists || known) return [];
  return [`${operation.column.name} may exist with another type, which IF NOT EXISTS would keep`];
}
