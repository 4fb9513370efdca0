import { type Phased, Refusal } from "../engines/engine.js";
import { SWAP } from "../engines/place.js";
import { mayName } from "../history/text.js";
import type { Operation } from "../model/operation.js";
import type { Step } from "../model/step.js";
import { nameOf, rank } from "./data-order.js";
import { type Naming, namesTaken } from "./names.js";

/** A name that means the old thing until the swap gives it to the new one. */
export interface Exchanged {
  readonly name: string;
  /** The step that exchanges the two. */
  readonly swap: Step;
}

/** What an operation exchanges for what the file has dropped before. */
export function exchangedBy(operation: Operation, { takesOver, steps }: Phased, naming: Naming): readonly Exchanged[] {
  const swap = steps.find((s) => s.phase === "contract");
  if (takesOver !== true || swap === undefined) return [];
  return namesTaken(operation, naming).map(({ name }) => ({ name, swap }));
}

/** What only says something of a thing, and can be said as soon as that is there. */
const FOLLOWS: ReadonlySet<string> = new Set(["alter-object", "comment", "privileges", "set-column-option"]);

/** A body is read when it runs. */
const isRoutine = (operation: Operation): boolean =>
  operation.kind === "other" &&
  operation.detail?.kind === "create-object" &&
  (operation.detail.object === "function" || operation.detail.object === "procedure");

const follows = (operation: Operation, steps: readonly Step[]): boolean =>
  operation.kind === "other" &&
  FOLLOWS.has(operation.detail?.kind ?? "") &&
  steps.every((s) => s.kind === "ddl" && rank(s) <= rank(SWAP));

/** The undo of the exchange takes away what was said of the new one with it. */
function waiting({ leaves: _, ...phased }: Phased, { id, phase, stage, transaction }: Step): Phased {
  const steps = phased.steps.map((s): Step => ({ ...s, phase, stage }));
  const together = transaction && steps.every((s) => s.transaction && s.undoTransaction);
  return { ...phased, steps, ...(together ? { joins: id } : {}) };
}

/**
 * What stands behind an exchange and names what it makes would mean the old one before the swap: rights and comments come
 * with it, in its transaction where there is one.
 *
 * @throws Refusal for what cannot wait
 */
export function behindExchange(
  exchanged: readonly Exchanged[],
  operation: Operation,
  sql: string,
  phased: Phased,
): Phased {
  const first = phased.steps.find((s) => s.sql.length > 0 || s.backfill !== null);
  if (first === undefined || phased.takesOver === true || isRoutine(operation)) return phased;
  const met = exchanged.findLast((e) => rank(first) <= rank(e.swap) && mayName(sql, e.name));
  if (met === undefined) return phased;
  if (follows(operation, phased.steps)) return waiting(phased, met.swap);
  if (rank(first) === rank(met.swap)) return phased;
  throw new Refusal(
    `This file exchanges ${met.name} for another one in ${nameOf(met.swap)}, and this names it in ${nameOf(first)} already, where it is the old one.`,
    "Put this into a later migration, or give the new one another name.",
  );
}
