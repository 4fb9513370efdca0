import { type Phased, Refusal } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { Operation } from "../model/operation.js";
import type { FreedName } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { nameOf, type Place, rank } from "./data-order.js";
import { type Name, type Naming, namesFreed, namesLost, namesTaken } from "./names.js";
import { isRight } from "./right-names.js";
import { isSwitch } from "./switch-names.js";

/** A name that an operation of the file takes away or gives, and when. */
export interface LateName extends FreedName {
  readonly place: Place;
}

/** An operation with the catalogs before and behind it. */
export interface Passed {
  readonly operation: Operation;
  readonly before: Catalog;
  readonly after: Catalog;
  readonly naming: Naming;
}

/** The names as they change with the contract of these steps; none where that changes nothing. */
function late(names: readonly Name[], { steps }: Phased): readonly LateName[] {
  const last = steps.at(-1);
  if (last?.phase !== "contract") return [];
  const swapped = steps.find((s) => s.phase === "contract") ?? last;
  return names.map(({ key, shown }) => ({
    key,
    shown,
    place: { phase: last.phase, stage: last.stage },
    swapped: swapped.stage === "swap" && last.stage === "swap",
  }));
}

/** The names that are still taken when the file's expand is over. */
export const lateNames = ({ operation, before, after, naming }: Passed, phased: Phased): readonly LateName[] =>
  late(namesFreed(operation, before, after, naming), phased);

/** The names that nothing has yet when the file's expand is over. */
export const lateGiven = ({ operation, naming }: Passed, phased: Phased): readonly LateName[] =>
  phased.steps.every((s) => s.phase === "contract") ? late(namesTaken(operation, naming), phased) : [];

const first = (steps: readonly Step[]): Step | undefined => steps.find((s) => s.sql.length > 0);

/** The names that an operation gives away by itself or by what it makes with it, as an index of a key. */
function takes({ operation, before, after, naming }: Passed, late: readonly LateName[]): ReadonlySet<string> {
  const taken = new Set(namesTaken(operation, naming).map((name) => name.key));
  if (late.length === 0) return taken;
  return new Set([...taken, ...namesLost(after, before, naming).map((name) => name.key)]);
}

/**
 * What is dropped keeps its name until the contract. What is made under that name before would meet it there, and be
 * taken for done.
 *
 * @throws Refusal where an earlier operation of the file frees the name later than this one takes it
 */
export function refuseTakenName(late: readonly LateName[], passed: Passed, phased: Phased): void {
  const step = phased.itself ?? first(phased.steps);
  if (late.length === 0 || step === undefined || phased.takesOver === true) return;
  const taken = takes(passed, late);
  const met = late.find((name) => taken.has(name.key) && rank(name.place) > rank(step));
  if (met === undefined) return;
  if (isRight(met))
    throw new Refusal(
      `This file takes ${met.shown} away in ${nameOf(met.place)}, and this gives it in ${nameOf(step)} already: it would be gone again.`,
      "Leave out of the REVOKE what is to stay: write the privileges that go, not ALL. Or give it in a later migration, which begins when this one has contracted.",
    );
  if (isSwitch(met))
    throw new Refusal(
      `This file sets ${met.shown} in ${nameOf(met.place)}, and this would set it in ${nameOf(step)} already: it would be left as that leaves it.`,
      `Put this statement into a later migration, which begins when this one has contracted. Running code does without what is off meanwhile: to keep a trigger from the rows of one UPDATE alone, let it tell these rows apart.`,
    );
  throw new Refusal(
    `This file takes the name ${met.shown} away from something else, which has it until ${nameOf(met.place)}; this would need it in ${nameOf(step)} already.`,
    "Give the new one another name, or write two migrations: this statement then begins when the other one has contracted.",
  );
}
