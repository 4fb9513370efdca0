import type { AddColumn, DropColumn, Operation } from "../../../../model/operation.js";
import { type StrategyContext, sameRelation } from "../../../engine.js";
import { columnsIn, expressionProblem } from "../../parse/columns.js";

/** ADD COLUMN whose values come from other columns. */
export interface Deriving {
  readonly operation: AddColumn;
  readonly up: string | null;
}

/** DROP COLUMN, and how old code's values come from the new columns. */
export interface Going {
  readonly operation: DropColumn;
  readonly down: string | null;
}

/** The additions and drops of a file that say the same thing in two ways. */
export interface Members {
  readonly adds: readonly Deriving[];
  readonly drops: readonly Going[];
}

/** What is no expression names nothing: it is refused where it is used. */
const named = (expression: string | null): readonly string[] =>
  expression === null || expressionProblem(expression) !== null ? [] : columnsIn(expression);

const isSame = (a: Operation, b: Operation): boolean => a.span.start === b.span.start && a.span.end === b.span.end;

function allOf(operation: AddColumn | DropColumn, { file, catalog }: StrategyContext): Members {
  const about = file.filter(
    ({ operation: o }) => o.relation !== null && sameRelation(o.relation, operation.relation, catalog.defaultSchema),
  );
  return {
    adds: about.flatMap(({ operation: o, up }) => (o.kind === "add-column" ? [{ operation: o, up }] : [])),
    drops: about.flatMap(({ operation: o, down }) => (o.kind === "drop-column" ? [{ operation: o, down }] : [])),
  };
}

const meets = ({ operation: a, up }: Deriving, { operation: d, down }: Going): boolean =>
  named(up).includes(d.column) || named(down).includes(a.column.name);

function grown(from: Members, all: Members): Members {
  const adds = all.adds.filter((a) => from.adds.includes(a) || from.drops.some((d) => meets(a, d)));
  const drops = all.drops.filter((d) => from.drops.includes(d) || adds.some((a) => meets(a, d)));
  return adds.length === from.adds.length && drops.length === from.drops.length ? from : grown({ adds, drops }, all);
}

/** What an operation belongs together with; null where it stands alone and nothing is derived. */
export function membersOf(operation: AddColumn | DropColumn, context: StrategyContext): Members | null {
  const all = allOf(operation, context);
  const found = grown(
    {
      adds: all.adds.filter((a) => isSame(a.operation, operation)),
      drops: all.drops.filter((d) => isSame(d.operation, operation)),
    },
    all,
  );
  const derives = found.adds.some((a) => a.up !== null) || (found.adds.length > 0 && found.drops.length > 0);
  return derives ? found : null;
}

/** Is this the operation that stands first in the file? The whole group is planned in its place. */
export function isFirst(operation: Operation, { adds, drops }: Members): boolean {
  const starts = [...adds, ...drops].map((m) => m.operation.span.start);
  return operation.span.start === Math.min(...starts);
}
