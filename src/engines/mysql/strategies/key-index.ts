import type { Index, Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { CreateIndex, Operation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { type FileOperation, findTable, type Phased } from "../../engine.js";
import { BACKFILL } from "../../place.js";
import { sortedBy } from "../effects/index-facts.js";
import { quote } from "../names.js";
import { type MysqlContext, ONLINE } from "./algorithms.js";
import { alter, ddl, dropIndexIfThere } from "./ddl.js";
import { hasIndex, not, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import { beside } from "./in-file.js";
import { addAgain, asIndex, isHidden } from "./index-text.js";
import * as locks from "./locks.js";
import { isOn, sameName } from "./own-index.js";

const begins = (sorted: readonly string[], columns: readonly string[]): boolean =>
  columns.length > 0 && columns.every((c, at) => sameName(sorted[at] ?? "", c));

const dropsIndex = (o: Operation, name: string): boolean =>
  o.kind === "other" && o.detail?.kind === "drop-index" && sameName(o.detail.index.name, name);

const madeBy = (operation: CreateIndex, { dialect }: MysqlContext): readonly string[] =>
  sortedBy(asIndex(operation, operation.name ?? ""), dialect);

/** The author has left open when it runs. */
const isOpen = ({ phase }: Pick<FileOperation, "phase">): boolean => phase == null;

/**
 * Whether the file makes an index in expand, behind a foreign key, that serves the key: the server would let its own go then,
 * so none is built.
 */
export function isServedBehind(
  columns: readonly string[],
  table: Table,
  operation: Operation,
  context: MysqlContext,
): boolean {
  const at = context.file.findIndex((f) => f.operation === operation);
  if (at < 0 || !isOpen(context)) return false;
  const open = context.file.slice(at + 1).filter(isOpen);
  return open.some(
    ({ operation: o }) =>
      o.kind === "create-index" && !o.unique && isOn(table, context)(o) && begins(madeBy(o, context), columns),
  );
}

/** The indexes of a table that operations of the file drop, as they were in front of it. */
function droppedBy(operations: readonly Operation[], { relation }: Table, { beforeFile, catalog }: MysqlContext) {
  const indexes = findTable(beforeFile ?? catalog, relation)?.indexes ?? [];
  return indexes.filter((i) => operations.some((o) => dropsIndex(o, i.name)));
}

/**
 * The indexes that foreign keys of this file, or of one that has not begun, are given, since no other serves them. One that the
 * file drops behind the key has served it: the server lets it go only where another one does, and builds none.
 */
function toBeBuilt(table: Table, operation: CreateIndex, context: MysqlContext): readonly Index[] {
  const { dialect, catalog } = context;
  const before = beside(operation, context, "before").filter(isOn(table, context));
  const serves = (columns: readonly string[]) => (i: Index) => begins(sortedBy(i, dialect), columns);
  const keys = table.constraints.filter((c) => c.kind === "foreign-key" && !table.indexes.some(serves(c.columns)));
  return keys.flatMap(({ name, columns }) => {
    const own = before.find(
      (o) => o.kind === "other" && o.detail?.kind === "add-constraint" && begins(columns, o.detail.constraint.columns),
    );
    const behind = own === undefined ? before : before.slice(before.indexOf(own));
    if (droppedBy(behind, table, context).some(serves(columns))) return [];
    if (own !== undefined && isServedBehind(columns, table, own, context)) return [];
    const called = /_ibfk_\d+$/.test(name) ? (columns[0] ?? name) : name;
    const definition = `KEY ${quote(called)} (${columns.map(quote).join(", ")})`;
    return catalog.complete || own !== undefined
      ? [{ name: called, columns, definition, unique: false, valid: true, constraint: null }]
      : [];
  });
}

const lastPlace = ({ steps }: Phased): Pick<Step, "phase" | "stage"> => {
  const { phase = "expand", stage = null } = steps.at(-1) ?? {};
  return phase === "expand" ? BACKFILL : { phase, stage };
};

/**
 * An index with what the server does besides: the one that it made for a foreign key goes as soon as another one serves the
 * key. One that zmigrate has built in its place goes the same way.
 */
export function withoutKeyIndexes(made: Phased, operation: CreateIndex, table: Table, context: MysqlContext): Phased {
  const serves = madeBy(operation, context);
  const { relation } = table;
  if (context.newTable || made.steps.length === 0) return made;
  const isSpare = (i: Index) => !i.unique && begins(serves, sortedBy(i, context.dialect));
  const own = beside(operation, context, "before").filter(isOn(table, context));
  const dropped = (name: string) => own.some((o) => dropsIndex(o, name));
  const built = table.indexes.filter((i) => i.forKey === true && !dropped(i.name));
  const spare = [...built, ...toBeBuilt(table, operation, context)].filter(isSpare);
  const drop = (index: Index, n: number): Step => {
    const again = addAgain(index, index.name, isHidden(index, context.dialect), context.dialect);
    return ddl({
      id: `${context.ordinal}-drop-key-index-${n + 1}`,
      ...lastPlace(made),
      sql: dropIndexIfThere(relation, index.name, ONLINE),
      undo: again === null ? [] : guarded(not(hasIndex(relation, index.name)), alter(relation, `${again}, ${ONLINE}`)),
      probe: { sql: stateOf(not(hasIndex(relation, index.name))), repair: [] },
      locks: [locks.brief(relation)],
      reason: `${index.name} of ${show(relation)} was built for a foreign key, which the new index serves: the server lets an index of its own go then, too.`,
    });
  };
  return { ...made, steps: [...made.steps, ...spare.map(drop)] };
}
