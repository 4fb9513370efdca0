import type { Lock } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";

/** How the server carries out an ALTER, cheapest first. */
export interface Way {
  readonly algorithm: "INSTANT" | "INPLACE" | "COPY";
  /** What must be done to the data. */
  readonly work: "none" | "build" | "rebuild";
  /** What others cannot do while the work goes on: LOCK=NONE, SHARED and EXCLUSIVE. */
  readonly blocks: "ddl" | "writes" | "reads";
  /** Among the ways in which several parts of one change can be done, the greatest is how the change is done. */
  readonly cost: number;
  /** What it becomes beside something that is not INSTANT; null when it stays as it is. */
  readonly otherwise: Way | null;
}

function way(cost: number, algorithm: Way["algorithm"], work: Way["work"], blocks: Way["blocks"]): Way {
  return Object.freeze({ cost, algorithm, work, blocks, otherwise: null });
}

/** A change of the catalog that is not called INSTANT: no data is touched. */
export const METADATA = way(2, "INPLACE", "none", "ddl");
export const BUILD = way(3, "INPLACE", "build", "ddl");
export const REBUILD = way(4, "INPLACE", "rebuild", "ddl");
export const BUILD_SHARED = way(5, "INPLACE", "build", "writes");
export const REBUILD_SHARED = way(6, "INPLACE", "rebuild", "writes");
export const COPY = way(7, "COPY", "rebuild", "writes");
/** MyISAM's ENABLE KEYS: nobody reads or writes until the indexes are built, though INSTANT is accepted for it. */
export const BUILD_EXCLUSIVE = way(8, "INSTANT", "build", "reads");

export const INSTANT: Way = Object.freeze({ ...way(0, "INSTANT", "none", "ddl"), otherwise: METADATA });
/** Columns come, go or move without their rows; beside anything dearer, the rows are written anew. */
export const INSTANT_ROWS: Way = Object.freeze({ ...way(1, "INSTANT", "none", "ddl"), otherwise: REBUILD });

/** The dearest of several ways. */
export function dearest(first: Way, ...rest: readonly Way[]): Way {
  return rest.reduce((worst, w) => (w.cost > worst.cost ? w : worst), first);
}

/** What everybody waits for, at the beginning and the end of any change: it queues behind the longest transaction. */
export function exclusive(relation: RelationName): Lock {
  return Object.freeze({ relation, mode: "MDL EXCLUSIVE", blocks: "reads", held: "brief" });
}

const MODES = { ddl: "MDL SHARED UPGRADABLE", writes: "MDL SHARED NO WRITE", reads: "MDL EXCLUSIVE" } as const;

/** What is held while the data is gone through. */
export function during(relation: RelationName, { work, blocks }: Way): Lock[] {
  if (work === "none") return [];
  return [Object.freeze({ relation, mode: MODES[blocks], blocks, held: work === "build" ? "build" : "rewrite" })];
}
