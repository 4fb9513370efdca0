import { type RelationName, show } from "../model/name.js";
import type { Step, StepPart } from "../model/step.js";

/** The steps of a written file for the parts that its tables have by now, and what to say of that. */
export interface Parted {
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
}

const keyOf = ({ of, table, above }: StepPart): string => JSON.stringify([of, table, above]);

const keysOf = (steps: readonly Step[]): Set<string> =>
  new Set(steps.flatMap((s) => (s.part === undefined ? [] : [keyOf(s.part)])));

const without = (steps: readonly Step[], keys: ReadonlySet<string>): Step[] =>
  steps.filter((s) => s.part !== undefined && !keys.has(keyOf(s.part)));

/** The tables that steps are about, each once, for people. */
function tablesOf(steps: readonly Step[]): string {
  const tables = steps.flatMap((s): RelationName[] => (s.part === undefined ? [] : [s.part.table]));
  return [...new Set(tables.map(show))].join(", ");
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  return taken.has(id) ? freeId(`${id}-late`, taken) : id;
}

/** Where the steps of all parts end in a plan: the place of the first step behind them, by its id. */
function endOf(of: string, anew: readonly Step[], steps: readonly Step[]): number {
  const last = anew.findLastIndex((s) => s.part?.of === of);
  const behind = anew.slice(last + 1).find((s) => steps.some((other) => other.id === s.id));
  return behind === undefined ? -1 : steps.findIndex((s) => s.id === behind.id);
}

/** The steps of late parts in front of what looks whether the whole has all of them; null where there is no such place. */
function withLate(steps: readonly Step[], late: readonly Step[], anew: readonly Step[]): readonly Step[] | null {
  const [first] = late;
  if (first?.part === undefined) return steps;
  const { of } = first.part;
  const at = endOf(of, anew, steps);
  if (at < 0) return null;
  const taken = new Set(steps.map((s) => s.id));
  const own = late.filter((s) => s.part?.of === of).map((s) => Object.freeze({ ...s, id: freeId(s.id, taken) }));
  const others = late.filter((s) => s.part?.of !== of);
  return withLate([...steps.slice(0, at), ...own, ...steps.slice(at)], others, anew);
}

/**
 * A table may have got parts, and lost some, since its change was written into a file: partitions by date come and go each
 * day. Those that came have their steps as they are planned now; of those that went there are none.
 *
 * @param steps as they stand in the file
 * @param anew the change planned on the schema as it is
 * @returns null where a late part has no place among the steps: they were written for another change
 */
export function withPartsOf(steps: readonly Step[], anew: readonly Step[]): Parted | null {
  const late = without(anew, keysOf(steps));
  const gone = without(steps, keysOf(anew));
  const merged = withLate(
    steps.filter((s) => !gone.includes(s)),
    late,
    anew,
  );
  if (merged === null) return null;
  const notes = [
    ...(late.length === 0
      ? []
      : [
          `Without steps in the file: ${tablesOf(late)}. Those for it are planned on this schema, and run like the others.`,
        ]),
    ...(gone.length === 0
      ? []
      : [`With steps in the file, but no partition of this schema: ${tablesOf(gone)}. Those for it are left out.`]),
  ];
  return { steps: merged, notes };
}
