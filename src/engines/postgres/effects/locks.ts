import type { Blocks, Lock } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";

/** PostgreSQL's table locks, weakest first, by the strongest thing that each makes wait (the manual's table of conflicts). */
const BLOCKS = {
  "ACCESS SHARE": "ddl",
  "ROW SHARE": "ddl",
  "ROW EXCLUSIVE": "ddl",
  "SHARE UPDATE EXCLUSIVE": "ddl",
  SHARE: "writes",
  "SHARE ROW EXCLUSIVE": "writes",
  EXCLUSIVE: "writes",
  "ACCESS EXCLUSIVE": "reads",
} as const satisfies Record<string, Blocks>;

export type Mode = keyof typeof BLOCKS;

const MODES = Object.keys(BLOCKS);
const HELD: readonly Lock["held"][] = ["brief", "scan", "build", "rewrite"];

/** A lock on a relation. */
export function lock(relation: RelationName, mode: Mode, held: Lock["held"]): Lock {
  return Object.freeze({ relation, mode, blocks: BLOCKS[mode], held });
}

/** A mode's name as SQL and the parser may write it, or null when it is none. */
export function modeOf(text: string): Mode | null {
  const name = text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/ MODE$/i, "")
    .toUpperCase();
  return MODES.includes(name) ? (name as Mode) : null;
}

/** What a mode keeps others from; the worst for one that is not known. */
export const blocksOf = (mode: string): Blocks => (MODES.includes(mode) ? BLOCKS[mode as Mode] : "reads");

/** The mode that covers both. */
export function strongerMode(a: string, b: string): Mode {
  return (MODES.indexOf(a) >= MODES.indexOf(b) ? a : b) as Mode;
}

/** The longer of two times. */
export function longerHeld(a: Lock["held"], b: Lock["held"]): Lock["held"] {
  return HELD.indexOf(a) >= HELD.indexOf(b) ? a : b;
}

/** One lock for each relation: the strongest mode, held for the longest time. */
export function merged(locks: readonly Lock[], same: (a: RelationName, b: RelationName) => boolean): Lock[] {
  const found: Lock[] = [];
  for (const next of locks) {
    const at = found.findIndex((l) => same(l.relation, next.relation));
    const before = found[at];
    if (before === undefined) found.push(next);
    else {
      const held = longerHeld(before.held, next.held);
      found[at] = lock(before.relation, strongerMode(before.mode, next.mode), held);
    }
  }
  return found;
}
