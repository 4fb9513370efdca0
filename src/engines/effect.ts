import type { Effect } from "../model/effect.js";

const NOTHING: Effect = Object.freeze({
  locks: Object.freeze([]),
  rewrite: false,
  scan: false,
  indexesRebuilt: false,
  breaks: Object.freeze([]),
  fails: null,
  destroys: false,
  transaction: "any",
  replicaCost: "none",
  algorithm: null,
  assumes: Object.freeze([]),
});

/** An effect from what differs from no effect at all. For the engines' `effects/` only. */
export function effect(changes: Partial<Effect>): Effect {
  const merged = { ...NOTHING, ...changes };
  return Object.freeze({
    ...merged,
    locks: Object.freeze([...merged.locks]),
    breaks: Object.freeze([...merged.breaks]),
    assumes: Object.freeze([...merged.assumes]),
  });
}
