import { isExact } from "../../../../history/definitions.js";
import type { Column, Table } from "../../../../model/catalog.js";
import type { AddColumn } from "../../../../model/operation.js";
import { Refusal, type StrategyContext } from "../../../engine.js";
import { generatedName, shortHash } from "../../names.js";
import type { ColumnGroup, FreshColumn, GoingColumn } from "../../triggers/group.js";
import { refuseWhatOthersNeed } from "../drop-column.js";
import { columnOf, mustBeFree, mustBeginAsNull, mustBePlain, mustTakeUpdates, tableOf } from "../subject.js";
import { columnsNamed, readsOf } from "../type-change/conversion.js";
import type { Deriving, Going, Members } from "./members.js";
import { refuseCascade, refuseMore, refuseRules } from "./refuse.js";

/** All that the steps of one group need to know. */
export interface Derived extends ColumnGroup {
  readonly table: Table;
  readonly context: StrategyContext;
  readonly additions: readonly AddColumn[];
  /** The names that columns have between the swap and the drop, in the order of `going`. */
  readonly parked: readonly string[];
}

export const id = (d: Derived, name: string) => `${d.context.ordinal}-${name}`;

function freshOf({ operation, up }: Deriving, table: Table, context: StrategyContext): FreshColumn {
  const { column } = operation;
  mustBeFree(table, column.name);
  refuseMore(table, operation);
  mustBeginAsNull(column.type, context);
  const text = up ?? "";
  const reads = readsOf("The directive up", text, table);
  return { name: column.name, type: column.type, comparable: isExact(column.type), up: { text, reads } };
}

/** The table as new code knows it: what a down may name. */
function withFresh(table: Table, adds: readonly Deriving[], drops: readonly Going[]): Table {
  const gone = new Set(drops.map((d) => d.operation.column));
  const made = adds.map(
    ({ operation: { column } }): Column => ({
      name: column.name,
      type: column.type,
      notNull: false,
      default: null,
      defaultVolatile: false,
      collation: null,
      characterSet: null,
      generated: null,
      identity: null,
      autoIncrement: false,
      comment: null,
      onUpdate: null,
      comparable: isExact(column.type),
      settings: [],
      grants: [],
    }),
  );
  return { ...table, columns: [...table.columns.filter((c) => !gone.has(c.name)), ...made] };
}

function goingOf({ operation, down }: Going, table: Table, after: Table, context: StrategyContext): GoingColumn {
  refuseCascade(operation);
  const column = columnOf(table, operation.column);
  refuseWhatOthersNeed(table, column);
  refuseRules(table, column, context);
  if (column.generated !== null)
    throw new Refusal(
      `${column.name} is generated: it is computed from its own columns, and cannot be from others.`,
      "Drop it in a migration of its own.",
    );
  const text = down ?? "";
  return { column, down: { text, reads: readsOf("The directive down", text, after) } };
}

/** @throws Refusal where the group cannot be kept equal */
export function subject({ adds, drops }: Members, context: StrategyContext): Derived {
  const table = tableOf((adds[0] ?? drops[0])?.operation.relation ?? { schema: null, name: "" }, context);
  mustBePlain(table, "computing columns from others");
  mustTakeUpdates(table);
  const { relation } = table;
  const fresh = adds.map((a) => freshOf(a, table, context));
  const after = withFresh(table, adds, drops);
  const going = drops.map((d) => goingOf(d, table, after, context));
  const names = fresh.flatMap((f) => f.up.reads);
  const hash = shortHash(context.migrationId, relation.schema ?? "", relation.name, ...fresh.map((f) => f.name));
  return {
    table,
    relation,
    context,
    hash,
    fresh,
    going,
    sources: columnsNamed(table, names),
    schema: context.catalog.defaultSchema,
    additions: adds.map((a) => a.operation),
    parked: going.map(({ column }) => generatedName("zmigrate_dropped", column.name, hash)),
  };
}
