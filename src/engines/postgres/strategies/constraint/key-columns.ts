import type { Column } from "../../../../model/catalog.js";
import type { Step } from "../../../../model/step.js";
import { Refusal } from "../../../engine.js";
import { KEY, ownFill, ownFillNote } from "../../../fill-from-update.js";
import type { Place } from "../../../place.js";
import { GIVEN_OWN } from "../fill-from-update.js";
import { fillingSteps } from "./filling.js";
import { countingNulls, isProven, proofOf, proving, settling } from "./not-null.js";
import type { Subject } from "./steps.js";

interface Proven {
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
}

/** Old code leaves the column NULL, or writes NULL, and gets a value in its place. */
function filled(s: Subject, column: Column, n: number, fill: string, notes: readonly string[]): Proven {
  const strict = { ...s, column, name: null, context: { ...s.context, fill } };
  const [steps, more] = fillingSteps(strict, `-${n}`);
  return { steps, notes: [...notes, ...more] };
}

function counted(s: Subject, { name }: Column, n: number, place: Place): Proven {
  const help = "Give these rows a value and run `zmigrate apply` again.";
  const proof = proofOf(s, name, null);
  const steps = [
    ...countingNulls(s, name, help, `verify-${n}`),
    ...proving(s, `not-null-${n}`, proof, place, "A primary key takes no NULL."),
    ...settling(s, `set-not-null-${n}`, name, proof, place),
  ];
  return { steps, notes: [] };
}

function proved(s: Subject, column: Column, n: number, place: Place): Proven {
  if (s.context.fill !== null) return filled(s, column, n, s.context.fill, []);
  const fill = ownFill({ ...s, column }, GIVEN_OWN, KEY);
  return fill === null ? counted(s, column, n, place) : filled(s, column, n, fill, [ownFillNote(column.name, fill)]);
}

/**
 * What makes the columns of a primary key NOT NULL: with a fill, or one that the file's own UPDATE tells, old writers' NULLs are
 * replaced; without one rows are counted, and proven before the key is there.
 *
 * @throws Refusal
 */
export function provingKey(s: Subject, columns: readonly Column[], place: Place): Proven {
  const open = columns.filter((c) => !isProven(s.table, c));
  if (s.context.fill !== null && open.length !== 1)
    throw new Refusal(
      `The fill is for one column, and ${open.length === 0 ? "none" : open.map((c) => c.name).join(" and ")} of the key may be NULL.`,
      open.length === 0
        ? "Leave the fill out."
        : "Write `ALTER TABLE ... ALTER COLUMN ... SET NOT NULL` in front for each, with its own fill.",
    );
  const all = open.map((column, n) => proved(s, column, n + 1, place));
  return { steps: all.flatMap((p) => p.steps), notes: all.flatMap((p) => p.notes) };
}
