import type { Lock } from "../../model/effect.js";
import { show } from "../../model/name.js";

/** What a lock blocks, for people. */
export const BLOCKS: Readonly<Record<Lock["blocks"], string>> = Object.freeze({
  reads: "blocks reads and writes",
  writes: "blocks writes",
  ddl: "blocks other DDL only",
  nothing: "blocks nothing",
});

/** For how long. */
export const HELD: Readonly<Record<Lock["held"], string>> = Object.freeze({
  brief: "for a moment",
  scan: "while it scans",
  rewrite: "while it rewrites the table",
  build: "while it builds",
});

/** One lock in words: what it is on, what it blocks and for how long. */
export const lockText = (lock: Lock): string =>
  `${lock.mode} on ${show(lock.relation)}: ${BLOCKS[lock.blocks]} ${HELD[lock.held]}`;
