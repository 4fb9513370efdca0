import { type Phased, Refusal } from "../engines/engine.js";
import { mayName } from "../history/text.js";
import type { Operation } from "../model/operation.js";
import type { Step } from "../model/step.js";
import { nameOf, type Place, rank } from "./data-order.js";
import { type Naming, namesTaken } from "./names.js";

/** A name that means the old thing until the swap gives it to the new one. */
export interface Exchanged {
  readonly name: string;
  readonly place: Place;
}

/** What an operation exchanges for what the file has dropped before. */
export function exchangedBy(operation: Operation, { takesOver, steps }: Phased, naming: Naming): readonly Exchanged[] {
  const swap = steps.find((s) => s.phase === "contract");
  if (takesOver !== true || swap === undefined) return [];
  const place = { phase: swap.phase, stage: swap.stage };
  return namesTaken(operation, naming).map(({ name }) => ({ name, place }));
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
  steps.every((s) => s.kind === "ddl" && s.phase !== "contract");

/** The undo of the exchange takes away what was said of the new one with it. */
function waiting({ leaves: _, ...phased }: Phased, place: Place): Phased {
  return { ...phased, steps: phased.steps.map((s): Step => ({ ...s, ...place })) };
}

/**
 * What stands behind an exchange and names what it makes would mean the old one before the swap: rights and comments wait
 * for it.
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
  const met = exchanged.find((e) => rank(first) < rank(e.place) && mayName(sql, e.name));
  if (met === undefined) return phased;
  const { place } = met;
  if (follows(operation, phased.steps)) return waiting(phased, place);
  throw new Refusal(
    `This file exchanges ${met.name} for another one in ${nameOf(place)}, and this names it in ${nameOf(first)} already, where it is the old one.`,
    "Put this into a later migration, or give the new one another name.",
  );
}
