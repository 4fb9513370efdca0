import type { Effect, Lock } from "../../../model/effect.js";
import { allUnknownCalls, effect, firstNeed, restsOn } from "../../effect.js";
import type { EffectContext } from "../../engine.js";
import { merged } from "./locks.js";
import { sameRelation } from "./relations.js";

/**
 * What several operations do together: all that each does. For the code of a block, and for one statement's operations.
 */
export function combined(effects: readonly Effect[], { catalog }: EffectContext): Effect {
  const locks = merged(
    effects.flatMap((e) => e.locks),
    (a, b) => sameRelation(catalog, a, b),
  );
  const failures = effects.flatMap((e) => e.fails ?? []);
  const enforces = effects.flatMap((e) => e.enforces ?? []);
  return effect({
    locks,
    rewrite: effects.some((e) => e.rewrite),
    scan: effects.some((e) => e.scan),
    indexesRebuilt: effects.some((e) => e.indexesRebuilt),
    breaks: effects.flatMap((e) => e.breaks),
    fails: failures.length === 0 ? null : [...new Set(failures)].join("; "),
    ...firstNeed(effects),
    ...allUnknownCalls(effects),
    ...(enforces.length === 0 ? {} : { enforces }),
    destroys: effects.some((e) => e.destroys),
    transaction: strictest(effects),
    replicaCost: effects.some((e) => e.replicaCost === "replay") ? "replay" : "none",
    assumes: [...new Set(effects.flatMap((e) => e.assumes))],
    ...restsOn(effects.flatMap((e) => e.rests ?? [])),
  });
}

function strictest(effects: readonly Effect[]): Effect["transaction"] {
  if (effects.some((e) => e.transaction === "never")) return "never";
  return effects.some((e) => e.transaction === "alone") ? "alone" : "any";
}

/**
 * An operation's effect as it is beside its siblings. ALTER TABLE takes the strongest lock that any of its commands
 * needs before it begins with the first, and keeps it: what is read or written, is so under that lock.
 *
 * @param statement all locks of the statement
 */
export function underStatement(own: Effect, statement: readonly Lock[], { catalog }: EffectContext): Effect {
  const raised = own.locks.map((l): Lock => {
    const strongest = statement.find((w) => sameRelation(catalog, w.relation, l.relation)) ?? l;
    return Object.freeze({ ...l, mode: strongest.mode, blocks: strongest.blocks });
  });
  return effect({ ...own, locks: raised });
}
