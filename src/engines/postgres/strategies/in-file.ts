import type { Table } from "../../../model/catalog.js";
import type { Operation, OtherOperation } from "../../../model/operation.js";
import type { OperationDetail } from "../../../model/operation-detail.js";
import { type StrategyContext, sameRelation } from "../../engine.js";

/** What a strategy looks for in the rest of its file. */
export interface InFile {
  readonly operation: Operation;
  readonly context: StrategyContext;
  readonly table: Table;
}

const isSame = (a: Operation, b: Operation): boolean => a.span.start === b.span.start && a.span.end === b.span.end;

/** Of one statement, and no other: the server orders what stands in it by itself. */
function isOneStatement(a: Operation, b: Operation, { file }: StrategyContext): boolean {
  const statementOf = (o: Operation) => file.find((f) => isSame(f.operation, o))?.statement;
  const first = statementOf(a);
  return first !== undefined && first === statementOf(b);
}

/** Does a change of a column's default take effect in front of one of its type? One ALTER TABLE changes types first. */
export const isBeforeType = (change: Operation, type: Operation, context: StrategyContext): boolean =>
  change.span.start < type.span.start && !isOneStatement(change, type, context);

/** The other operations of the file on the same table, in order. */
function others({ operation, context, table }: InFile): Operation[] {
  const { file, catalog } = context;
  const about = (o: Operation) =>
    o.relation !== null && sameRelation(o.relation, table.relation, catalog.defaultSchema);
  return file.flatMap(({ operation: o }) => (about(o) && !isSame(o, operation) ? [o] : []));
}

/** Another change of the same column of one of these kinds; null when there is none. */
export function beside(s: InFile, column: string, kinds: readonly OperationDetail["kind"][]): OtherOperation | null {
  const found = others(s).find(
    (o) =>
      o.kind === "other" &&
      o.detail !== undefined &&
      kinds.includes(o.detail.kind) &&
      "column" in o.detail &&
      o.detail.column === column,
  );
  return found?.kind === "other" ? found : null;
}

/** The constraints and indexes that an operation names. */
function namesIn(operation: Operation): readonly (string | null)[] {
  if (operation.kind === "create-index") return [operation.name];
  const detail = operation.kind === "other" ? operation.detail : undefined;
  switch (detail?.kind) {
    case "add-constraint":
      return [detail.constraint.name, detail.usingIndex];
    case "alter-constraint":
    case "drop-constraint":
    case "validate-constraint":
      return [detail.name];
    case "rename-constraint":
      return [detail.from, detail.to];
    default:
      return [];
  }
}

/** Does an operation in front of this one change a constraint of this name? Then this one must not come before it. */
export const isNamedBefore = (s: InFile, name: string): boolean =>
  others(s).some((o) => o.span.start < s.operation.span.start && namesIn(o).includes(name));
