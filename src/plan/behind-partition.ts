import { type Phased, Refusal } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import { type RelationName, show } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { Step } from "../model/step.js";
import { nameOf, type Place, rank } from "./data-order.js";

/** A table that has a partition more, or is none any more, from a phase on. */
export interface Regrouped {
  readonly table: RelationName;
  readonly place: Place;
}

/** The table whose changes reach other ones than before: a parent with one more partition, or what was one. */
export function regroupedBy(operation: Operation, { steps }: Phased): readonly Regrouped[] {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  const last = steps.at(-1);
  if (last === undefined) return [];
  const place = { phase: last.phase, stage: last.stage };
  if (detail?.kind === "detach-partition") return [{ table: detail.partition, place }];
  return detail?.kind === "attach-partition" && operation.relation !== null
    ? [{ table: operation.relation, place }]
    : [];
}

function tablesIn(operation: Operation): readonly RelationName[] {
  const own = operation.relation === null ? [] : [operation.relation];
  const detail = operation.kind === "other" ? operation.detail : undefined;
  return detail?.kind === "attach-partition" ? [...own, detail.partition] : own;
}

function met(regrouped: readonly Regrouped[], operation: Operation, { defaultSchema }: Catalog): Regrouped | undefined {
  const key = ({ schema, name }: RelationName) => JSON.stringify([schema ?? defaultSchema, name]);
  const named = new Set(tablesIn(operation).map(key));
  const found = regrouped.filter(({ table }) => named.has(key(table)));
  return found.sort((a, b) => rank(b.place) - rank(a.place))[0];
}

/**
 * Keeps a change of a table behind ATTACH or DETACH PARTITION of its file: a partition must have what its parent has when
 * it is attached, and what was detached is changed by itself.
 *
 * @param asked the phase that the author named
 * @throws Refusal where that phase comes before
 */
export function behindPartition(
  regrouped: readonly Regrouped[],
  operation: Operation,
  phased: Phased,
  asked: PhaseName | null,
  catalog: Catalog,
): Phased {
  const found = met(regrouped, operation, catalog);
  const [first] = phased.steps;
  if (found === undefined || first === undefined || rank(first) >= rank(found.place)) return phased;
  const { place, table } = found;
  if (asked !== null)
    throw new Refusal(
      `It stands in the ${asked} phase, and the partition of ${show(table)} that stands in front of it comes or goes in ${nameOf(place)}.`,
      "Name the same phase for both, or put them into two migrations.",
    );
  const steps = phased.steps.map((s): Step => (rank(s) < rank(place) ? { ...s, ...place } : s));
  const note = `Step ${first.id} runs in ${nameOf(place)}, behind the partition of ${show(table)} that stands in front of it in the file.`;
  return { ...phased, steps, notes: [...phased.notes, note] };
}
