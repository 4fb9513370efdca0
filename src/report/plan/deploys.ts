import type { PlannedMigration } from "../../model/plan-report.js";
import type { Step } from "../../model/step.js";

/** What one run of `zmigrate apply` does for a migration: a stretch of its phases, by release. */
export interface Deploy {
  readonly number: 1 | 2 | 3;
  /** When it runs: a phrase. */
  readonly when: string;
  readonly stretches: readonly Stretch[];
}

/** Steps of one phase; contract has two stretches, which wait for gates of their own. */
export interface Stretch {
  readonly name: "expand" | "backfill" | "swap" | "drop";
  /** Who survives it: a phrase. */
  readonly survives: string;
  readonly steps: readonly Step[];
  readonly gates: PlannedMigration["gates"];
}

type Name = Stretch["name"];

const SURVIVES: Readonly<Record<Name, string>> = Object.freeze({
  expand: "before the new code is deployed; old code goes on working",
  backfill: "in the same job, behind expand; from its end on old and new code both work",
  swap: "in a later release, when its gates are open; the old code must be gone",
  drop: "in a release after that, when its gates are open; from here on there is no way back",
});

/** Until the swap the column is of the former type, for everybody. */
const RETYPED: Readonly<Partial<Record<Name, string>>> = Object.freeze({
  backfill:
    "in the same job, behind expand; old code works as before, and new code with values alone that the former type takes, until the swap",
  swap: "in a later release, when its gates are open; old code must be gone, and from here on new code may write what the new type takes",
});

/** Whether a column gets another type under its name: by the swap, so that it is not there before. */
const retypes = ({ retires, sides = [] }: NonNullable<PlannedMigration["plan"]>): boolean =>
  retires.some((r) => r.retypes === true) || sides.some((s) => s.swapped === s.kept && s.column !== s.kept);

const nameOf = (step: Step): Name => (step.phase === "contract" ? (step.stage ?? "swap") : step.phase);

/** What a stretch waits for: the park begins with the swap, and the soak was over before it. */
function gatesOf(name: Name, hasSwap: boolean, gates: PlannedMigration["gates"]): PlannedMigration["gates"] {
  if (name === "swap") return gates.filter((g) => g.name !== "park");
  if (name === "drop") return hasSwap ? gates.filter((g) => g.name !== "soak" && g.name !== "old-writers") : gates;
  return [];
}

const parkOf = ({ gates }: PlannedMigration): string => gates.find((g) => g.name === "park")?.setting ?? "no time";

/**
 * The deploys that a migration takes, in order: those without a step are left out.
 *
 * @example
 * deploysOf(planned).map((d) => d.number) // [1, 2, 3] for a renamed column
 */
export function deploysOf(planned: PlannedMigration): readonly Deploy[] {
  const steps = planned.plan?.steps ?? [];
  const hasSwap = steps.some((s) => nameOf(s) === "swap");
  const survives = planned.plan !== null && retypes(planned.plan) ? { ...SURVIVES, ...RETYPED } : SURVIVES;
  const stretches = (...names: readonly Name[]): Stretch[] =>
    names
      .map((name) => ({
        name,
        survives: survives[name],
        steps: steps.filter((s) => nameOf(s) === name),
        gates: gatesOf(name, hasSwap, planned.gates),
      }))
      .filter((s) => s.steps.length > 0);
  const deploys: readonly Deploy[] = [
    { number: 1, when: "with the release that brings this migration", stretches: stretches("expand", "backfill") },
    { number: 2, when: "with the next release", stretches: stretches("swap") },
    {
      number: 3,
      when: hasSwap ? `with a release after that, parked for ${parkOf(planned)}` : "with a later release",
      stretches: stretches("drop"),
    },
  ];
  return deploys.filter((d) => d.stretches.length > 0);
}

/** `later-release, park=24h`. */
export const gateList = (gates: PlannedMigration["gates"]): string =>
  gates.map((g) => (g.setting === "" ? g.name : `${g.name}=${g.setting}`)).join(", ");
