import type { Column, Constraint, Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { DropColumn } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { type Phased, Refusal } from "../../engine.js";
import { isLikePrimary } from "../effects/index-facts.js";
import { isJsonCheck } from "../effects/modify/type.js";
import { indexParts } from "../index-parts.js";
import { identifiersIn } from "../introspect/text.js";
import { virtualIndex } from "../keeps-columns.js";
import { generatedName, quote, shortHash } from "../names.js";
import { algorithm, dropsInstantly, INSTANT, type MysqlContext, ONLINE, renamesInstantly } from "./algorithms.js";
import { alter, ddl, renameColumnIfThere } from "./ddl.js";
import { hasColumn, hasDefault, hasIndex, not, stateOf } from "./facts.js";
import { computedPlaceholder, placeholder } from "./literals.js";
import * as locks from "./locks.js";
import { dropPlainly } from "./plainly.js";
import { columnOf, findColumn, mustBePlain, names, nothing, tableOf } from "./subject.js";

type Reason = readonly [reason: string, help: string] | null;

const FIRST = (what: string) => `Drop ${what} in an earlier migration.`;

/** What the servers refuse to drop, on a table that nobody uses too. */
function refused(table: Table, column: Column, context: MysqlContext): Reason {
  const alone = (c: Constraint) => c.kind === "unique" || c.kind === "primary-key" || c.columns.length === 1;
  return (
    held(table, column, (c) => c.kind === "foreign-key" || !alone(c)) ??
    generatedFrom(table, column, context) ??
    functionalIndex(table, column, context)
  );
}

/** MySQL drops nothing that a functional index uses (error 3837). */
function functionalIndex(table: Table, column: Column, context: MysqlContext): Reason {
  const index = table.indexes.find((i) => names(column.name)(i) && isComputed(table, i.name, context));
  if (index === undefined) return null;
  return [`The functional index ${index.name} uses ${show(table.relation)}.${column.name}.`, FIRST(index.name)];
}

/** What holds the column: one of these constraints of its table, or a foreign key of another. */
function held(table: Table, column: Column, holds: (constraint: Constraint) => boolean): Reason {
  const where = `${show(table.relation)}.${column.name}`;
  const constraint = table.constraints.find((c) => holds(c) && names(column.name)(c));
  if (constraint !== undefined)
    return [`The ${constraint.kind.replace("-", " ")} ${constraint.name} names ${where}.`, FIRST(constraint.name)];
  const inbound = table.referencedBy.find(names(column.name));
  if (inbound !== undefined)
    return [
      `The foreign key ${inbound.constraint} of ${show(inbound.relation)} points at ${where}.`,
      FIRST(inbound.constraint),
    ];
  return null;
}

/** What the servers refuse to drop or would change in silence. */
function needed(table: Table, column: Column, context: MysqlContext): Reason {
  const where = `${show(table.relation)}.${column.name}`;
  const holding = held(table, column, (c) => c.kind !== "unique");
  if (holding !== null) return holding;
  const wide = table.indexes.find(
    (i) => names(column.name)(i) && (i.columns.length > 1 || isComputed(table, i.name, context)),
  );
  if (wide !== undefined)
    return [
      `The index ${wide.name} has ${where} beside other columns or in an expression: the server would make another index of it in silence, or refuse.`,
      `Drop ${wide.name} in front of this. Create an index without the column, if one is needed.`,
    ];
  return (
    generatedFrom(table, column, context) ?? likePrimary(table, column, context) ?? noOnlineDrop(table, column, context)
  );
}

/** Rows stand in the order of the first such key (error 1846). MariaDB lets it go in place where another one is there. */
function likePrimary(table: Table, column: Column, { dialect }: MysqlContext): Reason {
  const [index, other] = table.indexes
    .filter((i) => isLikePrimary(i, table, dialect))
    .sort((a, b) => Number(names(column.name)(b)) - Number(names(column.name)(a)));
  if (index === undefined || !names(column.name)(index) || (dialect === "mariadb" && other !== undefined)) return null;
  return [
    `${show(table.relation)} has no primary key, in the place of which ${index.name} may stand: without it the table is copied while writes wait.`,
    "Add a primary key over other columns in an earlier migration.",
  ];
}

function isComputed(table: Table, index: string, { dialect }: MysqlContext): boolean {
  const definition = table.indexes.find((i) => i.name === index)?.definition ?? "";
  return indexParts(definition, dialect)?.parts.some((p) => p.column === null) === true;
}

function generatedFrom(table: Table, column: Column, { dialect }: MysqlContext): Reason {
  const name = column.name.toLowerCase();
  const generated = table.columns.find(
    (c) => c.generated !== null && identifiersIn(c.generated.expression, dialect).has(name),
  );
  if (generated === undefined) return null;
  return [`The generated column ${generated.name} is computed from ${column.name}.`, FIRST(generated.name)];
}

function noOnlineDrop(table: Table, column: Column, { dialect }: MysqlContext): Reason {
  const other = "Use gh-ost, spirit or pt-online-schema-change for this table.";
  const fulltext = table.indexes.find((i) => indexParts(i.definition, dialect)?.special === "FULLTEXT");
  if (fulltext !== undefined)
    return [
      `${show(table.relation)} has the FULLTEXT index ${fulltext.name}: dropping a column copies the table or blocks writes.`,
      other,
    ];
  const virtual = virtualIndex(table);
  if (dialect === "mysql" || virtual === null || column.generated?.kind === "virtual") return null;
  return [
    `${show(table.relation)} has the index ${virtual.name} over the virtual column ${virtual.column}: MariaDB drops no column there without copying the table or blocking writes.`,
    `Drop ${virtual.name} in an earlier migration and create it again in a later one, or use gh-ost, spirit or pt-online-schema-change for this table.`,
  ];
}

/**
 * What rows of new code hold; null where there is no such value. On MariaDB a CHECK in the column's definition, as a JSON
 * column has one, goes with the column, and is asked until then.
 *
 * @throws Refusal for a CHECK that the value may fail
 */
function omittedValue(table: Table, { name, type, settings }: Column, { dialect }: MysqlContext): string | null {
  const checks = settings.filter((s) => s.startsWith("CHECK "));
  if (checks.some((c) => !isJsonCheck(c)))
    throw new Refusal(
      `${show(table.relation)}.${name} is NOT NULL without a default, and new code does not write it any more; which value its CHECK takes is not known.`,
      `Give it a default that its CHECK takes, or make it nullable, in an earlier migration.`,
    );
  if (checks.length > 0) return "'null'";
  return placeholder(type, dialect) ?? computedPlaceholder(type, dialect);
}

/** A default that lets new code leave the column out, and the way back. @throws Refusal for a type that takes none */
function setDefault(table: Table, column: Column, context: MysqlContext): { sql: string; undo: string } {
  const value = omittedValue(table, column, context);
  const change = (what: string) => alter(table.relation, `ALTER COLUMN ${quote(column.name)} ${what}, ${INSTANT}`);
  if (value !== null) return { sql: change(`SET DEFAULT ${value}`), undo: change("DROP DEFAULT") };
  throw new Refusal(
    `${show(table.relation)}.${column.name} is NOT NULL without a default, and new code does not write it any more; ${column.type} takes no default here.`,
    "Make it nullable in an earlier migration.",
  );
}

/** New code does not name the column any more: its INSERT must not fail for want of a value (error 1364). */
export function relax(table: Table, column: Column, context: MysqlContext): Step[] {
  if (!column.notNull || column.default !== null || column.autoIncrement || column.generated !== null) return [];
  const { sql, undo } = setDefault(table, column, context);
  return [
    ddl({
      id: `${context.ordinal}-allow-omission`,
      phase: "expand",
      sql: [sql],
      undo: [undo],
      probe: { sql: stateOf(hasDefault(table.relation, column.name)), repair: [] },
      locks: [locks.brief(table.relation)],
      reason: `New code does not write ${column.name} any more, and it is NOT NULL without a default. Rows of new code hold the default, also after a rollback.`,
    }),
  ];
}

/** The same for one that is parked and has followed until now: the triggers go before it does. */
export const relaxParked = (table: Table, parked: Column, context: MysqlContext, n: number): Step[] =>
  relax(table, parked, context).map((made) => ({
    ...made,
    id: `${context.ordinal}-allow-omission-${n}`,
    phase: "contract",
    stage: "drop",
    final: false,
    // Where somebody has dropped it, nothing is to be filled.
    probe: {
      sql: stateOf(`${hasDefault(table.relation, parked.name)} OR ${not(hasColumn(table.relation, parked.name))}`),
      repair: [],
    },
    reason: "The triggers that fill the parked column go before it does, and no INSERT may fail in between.",
  }));

interface Parking {
  readonly table: Table;
  readonly column: Column;
  readonly parked: string;
  readonly context: MysqlContext;
}

function park({ table, column, parked, context }: Parking): Step {
  const how = algorithm(renamesInstantly(context.version, context.dialect));
  return ddl({
    id: `${context.ordinal}-park`,
    phase: "contract",
    stage: "swap",
    sql: [alter(table.relation, `RENAME COLUMN ${quote(column.name)} TO ${quote(parked)}, ${how}`)],
    undo: renameColumnIfThere(table.relation, parked, column.name, how),
    probe: { sql: stateOf(hasColumn(table.relation, parked)), repair: [] },
    locks: [locks.brief(table.relation)],
    reason: `${column.name} is parked as ${parked}: nothing is lost yet, and a rename brings it back.`,
  });
}

function drops({ table, column, parked, context }: Parking): Step[] {
  const { relation } = table;
  const instant = dropsInstantly(context.version, context.dialect);
  const common = { phase: "contract", stage: "drop" } as const;
  const indexes = table.indexes.filter(names(column.name)).map((index, n) =>
    ddl({
      ...common,
      id: `${context.ordinal}-drop-index-${n + 1}`,
      sql: [alter(relation, `DROP INDEX ${quote(index.name)}, ${ONLINE}`)],
      probe: { sql: stateOf(not(hasIndex(relation, index.name))), repair: [] },
      locks: [locks.brief(relation)],
      reason: `${index.name} goes with the column; before it, so that dropping the column is INSTANT.`,
    }),
  );
  const last = ddl({
    ...common,
    id: `${context.ordinal}-drop`,
    sql: [alter(relation, `DROP COLUMN ${quote(parked)}, ${algorithm(instant)}`)],
    probe: { sql: stateOf(not(hasColumn(relation, parked))), repair: [] },
    locks: [locks.brief(relation), ...(instant ? [] : [locks.build(relation, "rewrite")])],
    rewrite: !instant,
    unlimited: !instant,
    reason: `From here on the values of ${column.name} are gone.`,
  });
  return [...indexes, last];
}

/**
 * Drops a column in two gated steps: parked under another name first, which can be undone, and dropped later.
 *
 * @throws Refusal
 */
export function dropColumn(operation: DropColumn, context: MysqlContext): Phased {
  const table = tableOf(operation.relation, context);
  if (operation.ifExists && findColumn(table, operation.column) === undefined)
    return nothing(`${show(table.relation)} has no column ${operation.column}: IF EXISTS has nothing to do.`);
  const column = columnOf(table, operation.column);
  if (!context.newTable) mustBePlain(table, "dropping a column in phases");
  const reason = (context.newTable ? refused : needed)(table, column, context);
  if (reason !== null) throw new Refusal(reason[0], reason[1]);
  if (context.newTable) return dropPlainly(operation, context);
  const hash = shortHash(context.migrationId, table.relation.schema ?? "", table.relation.name, column.name);
  const parking = { table, column, parked: generatedName("zmigrate_dropped", column.name, hash), context };
  const named = table.dependents.filter(names(column.name));
  return {
    steps: [...relax(table, column, context), park(parking), ...drops(parking)],
    retires: [
      { relation: table.relation, column: column.name, parked: parking.parked, replacement: null, exchanges: false },
    ],
    gates: [],
    notes: named.map(
      (d) =>
        `The ${d.kind.replace("-", " ")} ${d.name} names ${column.name}: change it before contract, which waits for it.`,
    ),
  };
}
