import type { Effect } from "../../../../src/model/effect.js";
import type { RelationName } from "../../../../src/model/name.js";
import { type Measured, MODES } from "./measure.js";

/** How what the model states differs from what was seen; empty when it is the same. For people. */
export function differences(stated: Effect, seen: Measured): string[] {
  if (seen.error !== null) return errorDifferences(stated, seen.error);
  const locks = locksOf(stated);
  const real = relevant(seen, locks);
  const names = [...new Set([...Object.keys(locks), ...Object.keys(real)])];
  const scanned = seen.scanned.length > 0;
  return [
    ...names.filter((n) => locks[n] !== real[n]).map((n) => `lock of ${n}: says ${locks[n]}, seen ${real[n]}`),
    ...told("rewrite", stated.rewrite, seen.rewritten.length > 0),
    ...told("scan", stated.scan, scanned),
    ...told(
      "held longer",
      stated.locks.some((l) => l.held !== "brief"),
      scanned,
    ),
    ...rebuilds(stated, seen),
    ...told("never in a transaction", stated.transaction === "never", false),
  ];
}

function errorDifferences(stated: Effect, error: string): string[] {
  if (error === "25001") return told("never in a transaction", stated.transaction === "never", true);
  return stated.fails?.includes(error) ? [] : [`fails: says ${stated.fails}, seen ${error}`];
}

function told(what: string, says: boolean, seen: boolean): string[] {
  return says === seen ? [] : [`${what}: says ${says}, seen ${seen}`];
}

/** An index of a table that is emptied is a new one too; a table without an index has none to build. */
function rebuilds(stated: Effect, seen: Measured): string[] {
  if (seen.emptied.length > 0) return [];
  if (seen.rebuilt.length > 0) return told("indexes rebuilt", stated.indexesRebuilt, true);
  return stated.indexesRebuilt && seen.rewritten.length === 0 ? ["indexes rebuilt: says true, seen false"] : [];
}

/**
 * What the model leaves out of what was seen, where it may say more; empty when it covers everything.
 *
 * @param known the tables that the model was told of: it cannot name the locks of others
 */
export function uncovered(stated: Effect, seen: Measured, known: readonly RelationName[]): string[] {
  if (seen.error === "25001") return told("never in a transaction", stated.transaction === "never", true);
  if (seen.error !== null) return stated.assumes.length > 0 ? [] : errorDifferences(stated, seen.error);
  const locks = locksOf(stated);
  const weaker = Object.entries(relevant(seen, locks)).filter(([n, mode]) => rank(locks[n]) < rank(mode));
  const names = known.map(shown);
  const named = weaker.filter(([n]) => stated.assumes.length === 0 && names.includes(n));
  return [
    ...named.map(([n, mode]) => `lock of ${n}: says ${locks[n]}, seen ${mode}`),
    ...less("rewrite", stated.rewrite, seen.rewritten.length > 0),
    ...less("scan", stated.scan, seen.scanned.length > 0),
    ...less("indexes rebuilt", stated.indexesRebuilt, seen.rebuilt.length > 0 && seen.emptied.length === 0),
  ];
}

function less(what: string, says: boolean, seen: boolean): string[] {
  return seen && !says ? [`${what}: says false, seen true`] : [];
}

function rank(mode: string | undefined): number {
  return mode === undefined ? -1 : MODES.indexOf(mode);
}

/** Tables and materialized views; of indexes, views and sequences those that the model speaks of. */
function relevant(seen: Measured, stated: Readonly<Record<string, string>>): Record<string, string> {
  const all = Object.entries(seen.locks).filter(([name, { kind }]) => "rpm".includes(kind) || name in stated);
  return Object.fromEntries(all.map(([name, { mode }]) => [name, mode]));
}

function locksOf(effect: Effect): Record<string, string> {
  return Object.fromEntries(effect.locks.map((l) => [shown(l.relation), l.mode]));
}

/** As the server prints it while `public` is the search path. */
function shown({ schema, name }: RelationName): string {
  return schema === null || schema === "public" ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

const quoted = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);
