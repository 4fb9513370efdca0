import type { Phased } from "../engines/engine.js";
import { mayName } from "../history/text.js";
import type { Operation } from "../model/operation.js";
import type { Step } from "../model/step.js";

/** An operation of a file with what it becomes. */
export interface Ordered {
  readonly operation: Operation;
  readonly phased: Phased;
}

/** They name columns and tables of others, and nothing that is no such object is built on them. */
const NAMES_OTHERS: ReadonlySet<string> = new Set(["event", "materialized-view", "policy", "rule", "trigger", "view"]);

/** The name of what an operation drops, where that may name what the file exchanges; null for any other operation. */
function droppedBy(operation: Operation): string | null {
  if (operation.kind !== "other" || operation.detail?.kind !== "drop-object") return null;
  const { object, name } = operation.detail;
  return NAMES_OTHERS.has(object) ? (name?.name ?? null) : null;
}

const stepsIn = ({ phased }: Ordered, stage: Step["stage"]): readonly Step[] =>
  phased.steps.filter((s) => s.phase === "contract" && s.stage === stage);

/** The swap takes a column or a table out of use under the name that it had. */
const exchanges = (all: Ordered): boolean =>
  stepsIn(all, "swap").length > 0 &&
  (all.phased.retires.length > 0 || (all.phased.retiredTables ?? []).some((t) => t.replacement !== null));

/** Under another name what is renamed is there still when the file has ended. */
const renamesColumn = ({ phased: { retires } }: Ordered): boolean => retires.some((r) => r.replacement !== null);

/** Where the swap of a drop belongs: in front of the first exchange, if nothing between is about the same object. */
function placeOf(before: readonly Ordered[], dropped: string): number {
  const first = before.findIndex(exchanges);
  if (first < 0) return before.length;
  const between = before.slice(first).filter((o) => !exchanges(o));
  const isNamed = between.some((o) => stepsIn(o, "swap").some((s) => s.sql.some((sql) => mayName(sql, dropped))));
  return isNamed ? before.length : first;
}

/**
 * The swaps of a file. What it drops is given back as the text that it was, and so once the columns and tables have the names
 * of that text again: it goes before they are exchanged.
 */
export function swapsOf(file: readonly Ordered[]): readonly Step[] {
  const ordered = file.reduce<readonly Ordered[]>((before, next) => {
    const dropped = stepsIn(next, "swap").length === 0 ? null : droppedBy(next.operation);
    return before.toSpliced(dropped === null ? before.length : placeOf(before, dropped), 0, next);
  }, []);
  return ordered.flatMap((o) => stepsIn(o, "swap"));
}

/**
 * The drops of a file. A column that was parked by a rename goes last: nothing behind the rename needs it to be gone, and what
 * the file drops there may be built on it.
 */
export function dropsOf(file: readonly Ordered[]): readonly Step[] {
  const ordered = [...file.filter((o) => !renamesColumn(o)), ...file.filter(renamesColumn)];
  return ordered.flatMap((o) => stepsIn(o, "drop"));
}
