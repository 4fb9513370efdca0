import { sameRelation } from "../engines/engine.js";
import { gatesOf } from "../files/scope.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { PhaseName } from "../model/phase.js";
import type { LateForRows, MigrationPlan } from "../model/plan.js";
import { dropsOf, swapsOf } from "./contract-order.js";
import type { Place } from "./data-order.js";
import { notesOnFired } from "./fired.js";
import { withOwnFills } from "./own-fills.js";
import type { Progress } from "./progress.js";
import { withExchange } from "./with-exchange.js";

const withoutPlace = <T extends { readonly place: Place }>({ place: _, ...rest }: T): Omit<T, "place"> => rest;

/** What is late for rows of a table is so under the name that the file gives it, too. */
function lateRowsOf({ lateRows, phased }: Progress, { defaultSchema }: Catalog): readonly LateForRows[] {
  const tables = phased.flatMap((p) => p.retiredTables ?? []);
  return lateRows.map(withoutPlace).flatMap((late) => {
    const to = tables.find((t) => sameRelation(t.relation, late.relation, defaultSchema))?.replacement ?? null;
    if (to === null) return [late];
    return [late, { ...late, relation: { schema: late.relation.schema, name: to } }];
  });
}

/** All expand steps first, then the backfills, then contract with its swaps before its drops. */
export function compose(migration: Migration, progress: Progress, before: Catalog): MigrationPlan {
  const { creates, makes, fills, late, given, changes } = progress;
  const lateRows = lateRowsOf(progress, before);
  const operations = migration.statements.flatMap((s) => s.operations);
  const phased = withExchange(withOwnFills(progress.phased, operations, before.defaultSchema));
  const file = operations.flatMap((operation, n) => {
    const own = phased[n];
    return own === undefined ? [] : [{ operation, phased: own }];
  });
  const steps = phased.flatMap((p) => p.steps);
  const retiredTables = phased.flatMap((p) => p.retiredTables ?? []);
  const claims = phased.flatMap((p) => p.claims ?? []);
  const sides = phased.flatMap((p) => p.sides ?? []);
  const drops = phased.flatMap((p) => p.drops ?? []);
  const leaves = [...new Set(phased.flatMap((p) => p.leaves ?? []))];
  const keyIndexes = phased.flatMap((p) => p.keyIndexes ?? []);
  const of = (phase: PhaseName) => steps.filter((s) => s.phase === phase);
  return Object.freeze({
    id: migration.id,
    name: migration.slug,
    file: migration.file,
    steps: [...of("expand"), ...of("backfill"), ...swapsOf(file), ...dropsOf(file)],
    retires: phased.flatMap((p) => p.retires),
    ...(sides.length === 0 ? {} : { sides }),
    ...(retiredTables.length === 0 ? {} : { retiredTables }),
    ...(claims.length === 0 ? {} : { claims }),
    ...(drops.length === 0 ? {} : { drops }),
    ...(late.length === 0 ? {} : { frees: late.map(withoutPlace) }),
    ...(given.length === 0 ? {} : { gives: given.map(withoutPlace) }),
    ...(changes.length === 0 ? {} : { changes }),
    ...(lateRows.length === 0 ? {} : { lateForRows: lateRows }),
    creates,
    ...(makes.length === 0 ? {} : { makes }),
    ...(fills.length === 0 ? {} : { fills }),
    gates: [...gatesOf(migration), ...phased.flatMap((p) => p.gates)],
    findings: [],
    notes: [...new Set([...phased.flatMap((p) => p.notes), ...notesOnFired(steps, before)])],
    ...(leaves.length === 0 ? {} : { leaves }),
    ...(keyIndexes.length === 0 ? {} : { keyIndexes }),
  });
}
