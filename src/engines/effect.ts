import type { Effect, Need } from "../model/effect.js";

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

/** What an effect says of something that is needed, or of nothing that is. */
export const refusedFor = (needed: Need | null): Pick<Effect, "fails" | "needed"> =>
  needed === null ? { fails: null } : { fails: `it is refused (${needed.code}), because ${needed.why}`, needed };

/** What an effect rests on; nothing where that is nothing. */
export const restsOn = (what: readonly string[]): Pick<Effect, "rests"> =>
  what.length === 0 ? {} : { rests: Object.freeze([...new Set(what)]) };

/** The routines of several effects of which no file has the text; nothing where there are none. */
export function allUnknownCalls(effects: readonly Effect[]): Pick<Effect, "unknownCalls"> {
  const names = [...new Set(effects.flatMap((one) => one.unknownCalls ?? []))];
  return names.length === 0 ? {} : { unknownCalls: Object.freeze(names) };
}

/** The need that keeps an operation of several effects from being done; nothing where none of them has one. */
export function firstNeed(effects: readonly Effect[]): Pick<Effect, "needed"> {
  const needed = effects.find((one) => one.needed !== undefined)?.needed;
  return needed === undefined ? {} : { needed };
}
