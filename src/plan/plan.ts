import type { Engine, FileOperation, Version } from "../engines/engine.js";
import { asStored } from "../engines/stored-names.js";
import { directivesOf, phaseOf } from "../files/scope.js";
import { afterSession } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { Claim, MigrationPlan, PlanRefusal } from "../model/plan.js";
import type { RowPair } from "../model/row-pair.js";
import { planBackfillCode } from "./code.js";
import { compose } from "./compose.js";
import { type Fresh, NOTHING_FRESH } from "./fresh.js";
import { inFrontOfRenames } from "./in-front.js";
import { planNext } from "./plan-next.js";
import type { Progress } from "./progress.js";
import { refusedGates, unwatched } from "./refused-gates.js";
import { planWritten } from "./written.js";

/** What plans are made for. */
export interface PlanContext {
  readonly engine: Engine;
  readonly catalog: Catalog;
  readonly version: Version;
  /** What no running code knows, since it was made for the release that is being deployed; absent for nothing. */
  readonly fresh?: Fresh;
  /** True where the database held no table when the run began; absent for false. */
  readonly newDatabase?: boolean;
}

/** A migration's plan, or why there is none, and the catalog after it. */
export interface Planned {
  readonly plan: MigrationPlan | null;
  readonly refusals: readonly PlanRefusal[];
  /** What it was refused for and another migration may have for now: that is waited for. */
  readonly wants: readonly Claim[];
  readonly catalog: Catalog;
  /** What can be tried on live rows before anything is changed. */
  readonly pairs: readonly RowPair[];
}

/** The migration's operations with what its directives say of each. */
const fileOf = (migration: Migration, catalog: Catalog): readonly FileOperation[] =>
  migration.statements.flatMap((statement) =>
    statement.operations.map((written) => ({
      ...directivesOf(migration, written),
      operation: asStored(written, catalog),
      phase: phaseOf(migration, statement),
      statement: statement.span.start,
    })),
  );

/**
 * Splits one migration into steps. Each operation is planned against the catalog that those before it leave. The code of
 * one in TypeScript must be loaded (`loadCode`).
 *
 * @example
 * const { plan, refusals } = planMigration(migration, { engine, catalog, version });
 */
export function planMigration(migration: Migration, context: PlanContext): Planned {
  if (migration.code !== undefined) return planBackfillCode(migration, context);
  const anew = planAnew(migration, context);
  return migration.written === undefined ? anew : planWritten(migration, migration.written, context, anew);
}

/** Something is gone for good before the contract of the same migration, which a rollback is for until then. */
function dropsTooEarly({ plan }: Planned): boolean {
  const steps = plan?.steps ?? [];
  return steps.some((s) => s.final && s.phase !== "contract") && steps.some((s) => s.phase === "contract");
}

/** What a file takes away from new tables of earlier files goes in phases where the file changes old ones, too. */
function planAnew(migration: Migration, context: PlanContext): Planned {
  const atOnce = planFile(migration, context);
  if (!dropsTooEarly(atOnce)) return atOnce;
  const phased = planFile(migration, { ...context, fresh: NOTHING_FRESH });
  return phased.plan === null || dropsTooEarly(phased) ? atOnce : phased;
}

const planFile = (migration: Migration, context: PlanContext): Planned =>
  inFrontOfRenames(migration, planInOrder(migration, context), context, (other) => planInOrder(other, context));

function planInOrder(migration: Migration, context: PlanContext): Planned {
  const progress: Progress = {
    phased: [],
    written: [],
    regrouped: [],
    refusals: refusedGates(migration, context.engine),
    creates: [],
    makes: [],
    fills: [],
    late: [],
    given: [],
    changes: [],
    backfilled: [],
    lateRows: [],
    wants: [],
    exchanged: [],
    said: [],
    handled: [],
    catalog: context.catalog,
    ordinal: 0,
  };
  const given = { ...context, file: fileOf(migration, context.catalog) };
  for (const statement of migration.statements)
    for (const operation of statement.operations) planNext(operation, statement, migration, given, progress);
  const { phased, refusals, wants, catalog } = progress;
  const pairs = phased.flatMap((p) => p.pairs ?? []);
  refusals.push(...unwatched(migration, phased));
  return {
    plan: refusals.length > 0 ? null : compose(migration, progress, context.catalog),
    refusals,
    wants,
    // What a file sets ends with it.
    catalog: afterSession(catalog),
    pairs,
  };
}
