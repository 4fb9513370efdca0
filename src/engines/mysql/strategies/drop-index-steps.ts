import type { Index, Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { IndexDetail } from "../../../model/operation-detail.js";
import type { Step } from "../../../model/step.js";
import { sizeOf } from "../../table-size.js";
import { quote } from "../names.js";
import { parseMysql } from "../parse/index.js";
import type { MysqlContext } from "./algorithms.js";
import { alter } from "./ddl.js";
import { all, hasIndex, isHiddenIndex, not, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import { beside } from "./in-file.js";
import { addAgain, alterIndex, isHidden } from "./index-text.js";
import { type Online, onlineWay } from "./online.js";
import { type Heir, isOn, sameName } from "./own-index.js";
import { stepWith } from "./written.js";

/** An index that goes. */
export interface Going {
  readonly operation: OtherOperation;
  readonly context: MysqlContext;
  readonly table: Table;
  readonly index: Index;
  /** What it is called when it goes: its own name, or one that leaves the name to another index. */
  readonly called: string;
}

const SWAP = { phase: "contract", stage: "swap" } as const;

/** How the server makes one change of an index; null where somebody would wait. */
export const wayOf = (detail: IndexDetail, { operation, context }: Pick<Going, "operation" | "context">) =>
  onlineWay({ ...operation, detail }, context);

/** The file drops a column of the index behind it: in the last stage of the contract it is there under another name, and then gone. */
const losesColumn = ({ table, index, operation, context }: Going): boolean =>
  beside(operation, context, "behind")
    .filter(isOn(table, context))
    .some((o) => o.kind === "drop-column" && index.columns.some((c) => sameName(c, o.column)));

/** How the index is built anew while the table is in use; null where that is not to be had. */
function rebuilding(going: Going): string | null {
  const { table, index, called, context } = going;
  if (losesColumn(going)) return null;
  const add = addAgain(index, called, true, context.dialect);
  if (add === null) return null;
  const [operation] = parseMysql(alter(table.relation, add), context.dialect).statements[0]?.operations ?? [];
  const way = operation === undefined ? null : onlineWay(operation, context);
  return way === null ? null : alter(table.relation, `${add}, ${way.clause}`);
}

/** The old index and the new one take each other's place in one moment. It may be gone: see `mayVanish`. */
export function exchange(going: Going, heir: Heir, vanishes: boolean): Step[] {
  const { table, index, called, context } = going;
  const { relation } = table;
  const way = wayOf({ kind: "rename-index", from: index.name, to: called, ifExists: false }, going);
  if (way === null) return [];
  const rename = (from: string, to: string) => `RENAME INDEX ${quote(from)} TO ${quote(to)}`;
  const statement = (...renames: readonly string[]) => alter(relation, [...renames, way.clause].join(", "));
  const forth = statement(rename(index.name, called), rename(heir.called, heir.name));
  const [had, has] = [hasIndex(relation, index.name), hasIndex(relation, heir.called)];
  const swapped = hasIndex(relation, called);
  return [
    stepWith(way.effect, context, {
      ...SWAP,
      name: "exchange",
      sql: vanishes
        ? [...guarded(all(had, has), forth), ...guarded(all(has, not(had)), statement(rename(heir.called, heir.name)))]
        : [forth],
      undo: [
        ...guarded(all(swapped, had), statement(rename(heir.name, heir.called), rename(called, index.name))),
        ...guarded(all(had, not(has), not(swapped)), statement(rename(heir.name, heir.called))),
      ],
      probe: { sql: stateOf(not(has)), repair: [] },
      reason: `The new index takes the name ${heir.name}, so that a query which names it in a hint goes on; the old one is ${called}.`,
    }),
  ];
}

/** Nobody uses it any more, and one word brings it back. */
export function hide(going: Going): Step[] {
  const { table, index, called, context } = going;
  const { relation } = table;
  const way = wayOf({ kind: "set-index-visibility", index: index.name, visible: false, ifExists: false }, going);
  if (way === null || isHidden(index, context.dialect)) return [];
  const set = (visible: boolean) => alter(relation, `${alterIndex(called, visible, context.dialect)}, ${way.clause}`);
  const gone = `${isHiddenIndex(relation, called, context.dialect)} OR ${not(hasIndex(relation, called))}`;
  return [
    stepWith(way.effect, context, {
      ...SWAP,
      name: "hide",
      sql: [set(false)],
      undo: guarded(hasIndex(relation, called), set(true)),
      probe: { sql: stateOf(gone), repair: [] },
      reason: `No query uses ${called} any more, while it is still kept up to date: what is slow without it shows now, and a rollback brings it back at once.`,
    }),
  ];
}

/** The index goes. */
export function drop(going: Going, way: Online): Step {
  const { table, index, called, context } = going;
  const { relation } = table;
  const again = rebuilding(going);
  return stepWith(way.effect, context, {
    phase: "contract",
    stage: "drop",
    name: "drop-index",
    sql: [alter(relation, `DROP INDEX ${quote(called)}, ${way.clause}`)],
    undo: again === null ? [] : guarded(not(hasIndex(relation, called)), again),
    final: again === null,
    probe: { sql: stateOf(not(hasIndex(relation, called))), repair: [] },
    reason: `${index.name} is dropped when nobody has missed it.`,
  });
}

/** What a rollback does when the index is gone. */
export function wayBackNote(going: Going): string {
  const { table, index } = going;
  const where = `${show(table.relation)} (${sizeOf(table)})`;
  if (losesColumn(going)) return `Once ${index.name} is dropped there is no rollback: its column goes with it.`;
  if (rebuilding(going) === null)
    return `Once ${index.name} is dropped there is no rollback: building it blocks writes to ${where}.`;
  return `Once ${index.name} is dropped, a rollback builds it again while ${where} is in use${index.unique ? ", and fails where there are duplicates by then" : ""}.`;
}
