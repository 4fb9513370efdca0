import type { Effect, Lock } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";
import { effect } from "../../effect.js";

/** How the server carries out an ALTER, cheapest first. */
export interface Way {
  readonly algorithm: "INSTANT" | "INPLACE" | "COPY";
  /** What must be done to the data. */
  readonly work: "none" | "build" | "rebuild";
  /** Writers go on meanwhile (LOCK=NONE). */
  readonly concurrent: boolean;
  /** Among the ways in which several parts of one change can be done, the greatest is how the change is done. */
  readonly cost: number;
}

function way(cost: number, algorithm: Way["algorithm"], work: Way["work"], concurrent: boolean): Way {
  return Object.freeze({ cost, algorithm, work, concurrent });
}

export const INSTANT = way(0, "INSTANT", "none", true);
/** A change of the catalog that is not called INSTANT: no data is touched. */
export const METADATA = way(1, "INPLACE", "none", true);
export const BUILD = way(2, "INPLACE", "build", true);
export const REBUILD = way(3, "INPLACE", "rebuild", true);
export const BUILD_SHARED = way(4, "INPLACE", "build", false);
export const REBUILD_SHARED = way(5, "INPLACE", "rebuild", false);
export const COPY = way(6, "COPY", "rebuild", false);

/** The dearest of several ways. */
export function dearest(first: Way, ...rest: readonly Way[]): Way {
  return rest.reduce((worst, w) => (w.cost > worst.cost ? w : worst), first);
}

/** What everybody waits for, at the beginning and the end of any change: it queues behind the longest transaction. */
export function exclusive(relation: RelationName): Lock {
  return Object.freeze({ relation, mode: "MDL EXCLUSIVE", blocks: "reads", held: "brief" });
}

function during(relation: RelationName, { work, concurrent }: Way): Lock[] {
  if (work === "none") return [];
  const held = work === "build" ? "build" : "rewrite";
  if (concurrent) return [Object.freeze({ relation, mode: "MDL SHARED UPGRADABLE", blocks: "ddl", held })];
  return [Object.freeze({ relation, mode: "MDL SHARED NO WRITE", blocks: "writes", held })];
}

/**
 * The effect of changing a table in one of these ways. DDL commits by itself, so no transaction can be around it.
 */
export function effectOf(relation: RelationName, done: Way, changes: Partial<Effect>): Effect {
  return effect({
    rewrite: done.work === "rebuild",
    scan: done.work !== "none",
    indexesRebuilt: done.work === "rebuild",
    transaction: "never",
    replicaCost: done.work === "none" ? "none" : "replay",
    algorithm: done.algorithm,
    ...changes,
    locks: [exclusive(relation), ...during(relation, done), ...(changes.locks ?? [])],
  });
}
