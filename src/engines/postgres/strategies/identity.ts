import type { Column } from "../../../model/catalog.js";
import type { ColumnChange, SetIdentity } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { EXPAND, SWAP } from "../../place.js";
import { notYet } from "../../strategies.js";
import { sizeOf } from "../../table-size.js";
import { quote } from "../names.js";
import { alter, asChange, claimsOn, type Subject } from "./constraint/steps.js";
import { beside } from "./in-file.js";
import { onNewTable } from "./on-new-table.js";
import { behindValues, defaultBehindValues } from "./sequence.js";
import { defaultAgain } from "./set-default.js";
import { columnOf } from "./subject.js";
import { wholeTable } from "./tables.js";
import { nothing, stepOf } from "./written.js";

/** Bytes of a table that may be read while others wait: it is over before anybody notices. */
const SMALL = 4 * 1024 * 1024;

const clauseOf = (column: Column, text: string): string => `ALTER COLUMN ${quote(column.name)} ${text}`;

const words = (generated: SetIdentity["generated"]): string => (generated === "always" ? "ALWAYS" : "BY DEFAULT");

const phasedOf = (s: Subject, column: Column, steps: readonly Step[], notes: readonly string[] = []): Phased => ({
  steps,
  retires: [],
  claims: claimsOn(s.table.relation, [column.name], `changes where ${column.name} gets its values from`),
  gates: [],
  notes,
});

/** The greatest value is looked for under the lock: with an index that is a moment. */
function refuseUnindexed({ table }: Subject, column: Column): void {
  const indexed = table.indexes.some((i) => i.valid && i.columns.length === 1 && i.columns[0] === column.name);
  if (indexed || (table.bytes ?? SMALL + 1) <= SMALL) return;
  throw new Refusal(
    `The sequence has to start behind the greatest ${column.name}, and without an index on it alone every row of ${show(table.relation)} is read for that while others wait (${sizeOf(table)}).`,
    `Create an index on (${column.name}) in an earlier migration.`,
  );
}

function refuseAdd({ table }: Subject, column: Column): void {
  const where = `${show(table.relation)}.${column.name}`;
  if (!column.notNull)
    throw new Refusal(
      `${where} may hold NULL, and an identity column may not.`,
      "Write SET NOT NULL in an earlier migration.",
    );
  if (column.default !== null)
    throw new Refusal(
      `${where} has the default ${column.default}, which the server does not take over.`,
      "Write ALTER COLUMN ... DROP DEFAULT in front of it.",
    );
  if (column.identity !== null) throw new Refusal(`${where} is an identity column already.`, "Write SET GENERATED.");
}

/**
 * A column becomes an identity column, and loses its default in the same moment where it has one: no INSERT falls between
 * the two.
 */
export function becomeIdentity(s: Subject, column: Column, detail: SetIdentity): Phased {
  refuseUnindexed(s, column);
  const { table } = s;
  const without = column.default === null ? [] : [alter(table, clauseOf(column, "DROP DEFAULT"))];
  const options = detail.options === undefined ? "" : ` ${detail.options}`;
  const add = alter(table, clauseOf(column, `ADD GENERATED ${words(detail.generated)} AS IDENTITY${options}`));
  const back =
    column.default === null ? [] : [alter(table, defaultAgain(column)), ...defaultBehindValues(table, column)];
  const step = stepOf(asChange(s.operation, detail), s.context, {
    name: "add-identity",
    ...SWAP,
    sql: [...without, add, behindValues(table, column.name)],
    undo: [alter(table, clauseOf(column, "DROP IDENTITY IF EXISTS")), ...back],
    reason: `The sequence starts behind the values that are there. Old code${column.default === null ? "" : `, which may ask the old sequence for values,`} is gone, so nobody gives ${column.name} a value that it will give.`,
  });
  const notes =
    column.default === null ? [`Until the contract, new code has to give ${column.name} a value itself.`] : [];
  return phasedOf(s, column, [step], notes);
}

/** ADD GENERATED ... AS IDENTITY. @throws Refusal */
export function addIdentity(detail: SetIdentity, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const s: Subject = { operation, context, table };
  const column = columnOf(table, detail.column);
  if (context.newTable) {
    const options = detail.options === undefined ? "" : ` ${detail.options}`;
    return onNewTable(operation, context, {
      name: "add-identity",
      sql: [alter(table, clauseOf(column, `ADD GENERATED ${words(detail.generated)} AS IDENTITY${options}`))],
      undo: [alter(table, clauseOf(column, "DROP IDENTITY IF EXISTS"))],
    });
  }
  refuseAdd(s, column);
  if (beside(s, column.name, ["drop-default"]) !== null)
    return nothing(`${column.name} becomes an identity column together with DROP DEFAULT.`);
  return becomeIdentity(s, column, detail);
}

/** SET GENERATED and SET of the sequence's options. @throws Refusal */
export function setIdentity(detail: SetIdentity, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const s: Subject = { operation, context, table };
  const column = columnOf(table, detail.column);
  if (column.identity === null)
    throw new Refusal(
      `${show(table.relation)}.${column.name} is no identity column.`,
      "Write ADD GENERATED ... AS IDENTITY.",
    );
  const generated = detail.generated === null ? "" : ` SET GENERATED ${words(detail.generated)}`;
  const options = detail.options === undefined ? "" : ` ${detail.options}`;
  const sql = [alter(table, `ALTER COLUMN ${quote(column.name)}${generated}${options}`)];
  const changed = detail.generated !== null && detail.generated !== column.identity;
  const undo = changed ? [alter(table, clauseOf(column, `SET GENERATED ${words(column.identity)}`))] : [];
  if (context.newTable) return onNewTable(operation, context, { name: "set-identity", sql, undo });
  const strict = changed && detail.generated === "always";
  const step = stepOf(operation, context, {
    name: "set-identity",
    ...(strict ? SWAP : EXPAND),
    sql,
    undo,
    reason: strict
      ? `An INSERT that gives ${column.name} a value fails from now on, and old code may do that.`
      : "Only where the next values come from changes.",
  });
  const leaves =
    detail.options === undefined ? {} : { leaves: [`A rollback leaves ${detail.options} of ${column.name} as it is.`] };
  return { ...phasedOf(s, column, [step]), ...leaves };
}

/** From ALWAYS on nobody may give a value, and without identity everybody must: between them both may. */
function accepting(s: Subject, column: Column): Step[] {
  if (column.identity !== "always") return [];
  const change = asChange(s.operation, { kind: "set-identity", column: column.name, generated: "by default" });
  return [
    stepOf(change, s.context, {
      name: "accept-values",
      ...EXPAND,
      sql: [alter(s.table, clauseOf(column, "SET GENERATED BY DEFAULT"))],
      undo: [alter(s.table, clauseOf(column, "SET GENERATED ALWAYS"))],
      reason: `New code gives ${column.name} a value, old code leaves it out: both may until the contract.`,
    }),
  ];
}

/** DROP IDENTITY, and the default that comes in its place in the same moment. @throws Refusal */
export function dropIdentity(detail: ColumnChange, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const s: Subject = { operation, context, table };
  const column = columnOf(table, detail.column);
  const where = `${show(table.relation)}.${column.name}`;
  if (column.identity === null && detail.ifExists) return nothing(`${where} is no identity column.`);
  if (column.identity === null) throw new Refusal(`${where} is no identity column.`, "Leave this statement out.");
  const drop = alter(table, clauseOf(column, "DROP IDENTITY"));
  const again = alter(table, clauseOf(column, `ADD GENERATED ${words(column.identity)} AS IDENTITY`));
  if (context.newTable) return onNewTable(operation, context, { name: "drop-identity", sql: [drop], undo: [again] });
  refuseUnindexed(s, column);
  const other = beside(s, column.name, ["set-default"])?.detail;
  const own = other?.kind === "set-default" ? [alter(table, clauseOf(column, `SET DEFAULT ${other.default}`))] : [];
  const without = own.length === 0 ? [] : [alter(table, clauseOf(column, "DROP DEFAULT"))];
  const accepted = alter(table, clauseOf(column, "ADD GENERATED BY DEFAULT AS IDENTITY"));
  const step = stepOf(operation, context, {
    name: "drop-identity",
    ...SWAP,
    sql: [drop, ...own],
    undo: [...without, accepted, behindValues(table, column.name)],
    reason: `${own.length === 0 ? `An INSERT has to give ${column.name} a value from now on` : "The default comes in its place"}; old code may leave the column out and rely on the sequence.`,
  });
  const notes = [
    `The sequence of ${column.name} goes in the contract; a rollback makes one that starts behind the values that are there, without the old one's options.`,
  ];
  return phasedOf(s, column, [...accepting(s, column), step], notes);
}
