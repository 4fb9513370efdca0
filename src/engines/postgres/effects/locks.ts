import type { Blocks, Lock } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";

/** PostgreSQL's table locks by the strongest thing that each makes wait (the manual's table of conflicts). */
const BLOCKS = {
  "ACCESS SHARE": "ddl",
  "SHARE UPDATE EXCLUSIVE": "ddl",
  SHARE: "writes",
  "SHARE ROW EXCLUSIVE": "writes",
  "ACCESS EXCLUSIVE": "reads",
} as const satisfies Record<string, Blocks>;

export type Mode = keyof typeof BLOCKS;

/** A lock on a relation. */
export function lock(relation: RelationName, mode: Mode, held: Lock["held"]): Lock {
  return Object.freeze({ relation, mode, blocks: BLOCKS[mode], held });
}
