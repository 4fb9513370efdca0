import type { Engine, Version } from "../engines/engine.js";
import { asRead } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { MigrationPlan } from "../model/plan.js";
import { isDoneInExpand } from "../shadow/prove.js";
import { planMigration } from "./plan.js";
import { type UnderWay, underWay, waitOf } from "./waits.js";

/** A plan that can be tried together with others. */
export interface Simple {
  readonly migration: Migration;
  readonly plan: MigrationPlan;
  /** The schema before it. */
  readonly catalog: Catalog;
  readonly begins: UnderWay;
}

/** What comes next, and what it meets. */
export interface Ahead {
  readonly engine: Engine;
  readonly version: Version;
  /** The migrations, in order. */
  readonly ahead: readonly Migration[];
  readonly catalog: Catalog;
  readonly others: readonly UnderWay[];
  /** No more than these. */
  readonly most: number;
}

/**
 * The plans of the next migrations for as long as each is done in its first deploy and waits for no other. Each is made on
 * what the one before it leaves, as `apply` plans several on a live database.
 */
export function simpleAhead({ engine, version, ahead, catalog: first, others, most }: Ahead): readonly Simple[] {
  const simple: Simple[] = [];
  const met = [...others];
  let catalog = asRead(first);
  for (const [n, migration] of ahead.slice(0, most).entries()) {
    const { plan, catalog: after } = planMigration(migration, { engine, catalog, version });
    if (plan === null || migration.code !== undefined || !isDoneInExpand(plan)) break;
    if (waitOf(migration, { plan, wants: [] }, met, { engine, catalog }, ahead.slice(n + 1)) !== null) break;
    const begins = underWay(plan, false, catalog);
    simple.push({ migration, plan, catalog, begins });
    met.push(begins);
    catalog = after;
  }
  return simple;
}

/** How many are tried together: reading a schema is what takes the time, and one that fails is looked for among all of them. */
const [LEAST, MOST] = [8, 256];

/** Of the group behind one of `size`. */
export const sizeAfter = (size: number, wentWell: boolean): number => (wentWell ? Math.min(MOST, size * 4) : LEAST);

/** Of the first group. */
export const FIRST_SIZE = LEAST;
