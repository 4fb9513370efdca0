import { type Phased, Refusal, sameRelation } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import { type RelationName, show } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { Step } from "../model/step.js";
import { withParts } from "./parts.js";

const isDdl = ({ kind }: Step): boolean => kind === "ddl" || kind === "validate";

/**
 * The table of `CREATE TABLE ... LIKE` that steps have yet to change: a copy made before them has what they take away, and
 * what stands beside its columns meanwhile. Null where there is none.
 */
export function copiedTooEarly(operation: Operation, late: readonly Step[], catalog: Catalog): RelationName | null {
  if (operation.kind !== "create-table" || operation.form !== "like") return null;
  const changed = late.filter(isDdl).flatMap(({ locks }) => locks.flatMap((l) => withParts(l.relation, catalog)));
  const isChanged = (source: RelationName) => changed.some((r) => sameRelation(r, source, catalog.defaultSchema));
  return (operation.sources ?? []).find(isChanged) ?? null;
}

/** For people: behind "this file" or "that migration". */
export const isHalfWay = (source: RelationName): string =>
  `has yet to change ${show(source)}, which LIKE would copy as it is half-way`;

/** @throws Refusal where LIKE copies a table that the same file changes in phases in front of it */
export function refuseCopiedEarly(operation: Operation, before: readonly Phased[], catalog: Catalog): void {
  const late = before.flatMap((p) => p.steps).filter((s) => s.phase !== "expand");
  const source = copiedTooEarly(operation, late, catalog);
  if (source === null) return;
  throw new Refusal(
    `This file ${isHalfWay(source)}.`,
    "Put this statement in front of that, or into a later migration: it begins when this one has contracted.",
  );
}
