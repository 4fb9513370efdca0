import {
  type Engine,
  type FileOperation,
  findTable,
  type Phased,
  Refusal,
  type StrategyContext,
  sameRelation,
  type Version,
} from "../engines/engine.js";
import { asStored } from "../engines/stored-names.js";
import { positionOf } from "../files/position.js";
import { directivesOf, gatesOf, phaseOf } from "../files/scope.js";
import { notOneQuery } from "../gates/query.js";
import { afterSession, applyOperation } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { Claim, LateChange, LateForRows, MadeObject, MigrationPlan, PlanRefusal } from "../model/plan.js";
import type { RowPair } from "../model/row-pair.js";
import type { Span } from "../model/span.js";
import type { Statement } from "../model/statement.js";
import { behindExchange, type Exchanged, exchangedBy } from "./behind-exchange.js";
import { behindIndex } from "./behind-index.js";
import { behindNotNull } from "./behind-not-null.js";
import { behindPartition, type Regrouped, regroupedBy } from "./behind-partition.js";
import { behindType, refusePointing } from "./behind-type.js";
import { refuseChain } from "./chain.js";
import { planBackfillCode } from "./code.js";
import { dropsOf, swapsOf } from "./contract-order.js";
import { inOrder, type Place, type Written, writtenBy } from "./data-order.js";
import { notesOnFired } from "./fired.js";
import { type Fresh, filledBy, freshAfter, isFreshTable, isOfFresh, madeBy, NOTHING_FRESH, unfilled } from "./fresh.js";
import { refuseHeld } from "./held-columns.js";
import { refuseHeldInFront } from "./held-in-front.js";
import { inFrontOfRenames } from "./in-front.js";
import { refuseHashing, refuseKept, refuseUntilGone } from "./kept-columns.js";
import { backfilledChanges, lateChanges } from "./late-changes.js";
import { type LateInFile, lateForRows } from "./late-for-rows.js";
import { type LateName, lateGiven, lateNames, refuseTakenName } from "./late-names.js";
import { refuseNeededEarly } from "./late-needs.js";
import { refuseCopiedEarly } from "./like-too-early.js";
import { namingOf } from "./names.js";
import { withOwnFills } from "./own-fills.js";
import { type Handled, handledBy, withOwnHolders } from "./own-holder.js";
import { asSplit } from "./phase-asked.js";
import { behindItsChange, refuseLeft, type Said, saidOf } from "./said.js";
import { isAboutSession, leaveOut, runsAnyway } from "./session-statement.js";
import { behindStandIn, standInsOf } from "./stand-ins.js";
import { refuseWithoutKey } from "./walkable.js";
import { withExchange } from "./with-exchange.js";
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

function planOperation(
  operation: Operation,
  statement: Statement,
  migration: Migration,
  context: StrategyContext,
  { engine, catalog: before }: Pick<PlanContext, "engine" | "catalog">,
  { written, regrouped, lateRows }: Pick<Progress, "written" | "regrouped" | "lateRows">,
): Phased {
  if (isAboutSession(operation) && !runsAnyway(operation, context))
    return leaveOut(operation, statement.sql, context, engine);
  const phase = context.newTable ? null : phaseOf(migration, statement);
  const own = engine.plan(operation, { ...context, phase });
  const { catalog, newTable } = context;
  const ordered = behindPartition(regrouped, operation, asSplit(own, phase), phase, catalog);
  const phased = inOrder({ written, late: lateRows }, operation, ordered, { asked: phase, newTable, catalog });
  refuseWithoutKey(engine, phased.steps, catalog, before);
  return phased;
}

/** A table that the server will make when the operation runs. */
function createdBy(operation: Operation, catalog: Catalog): RelationName[] {
  if (operation.kind !== "create-table" || operation.temporary) return [];
  if (findTable(catalog, operation.relation) !== null) return [];
  // From the files alone, IF NOT EXISTS may well find one.
  return operation.ifNotExists && !catalog.complete ? [] : [operation.relation];
}

const OF_AN_INDEX: ReadonlySet<string> = new Set(["drop-index", "reindex", "rename-index"]);

/** The table that an operation is about: PostgreSQL names an index without its table. */
function tableAbout(operation: Operation, { tables, defaultSchema }: Catalog): RelationName | null {
  const { relation } = operation;
  if (relation === null || operation.kind !== "other" || !OF_AN_INDEX.has(operation.detail?.kind ?? ""))
    return relation;
  const schema = relation.schema ?? defaultSchema;
  const inSchema = tables.filter((t) => (t.relation.schema ?? defaultSchema) === schema);
  return inSchema.find((t) => t.indexes.some((i) => i.name === relation.name))?.relation ?? relation;
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

/** What is known while the operations of a file are planned one after the other. */
interface Progress {
  readonly phased: Phased[];
  readonly written: Written[];
  readonly regrouped: Regrouped[];
  readonly refusals: PlanRefusal[];
  readonly creates: RelationName[];
  readonly makes: MadeObject[];
  readonly fills: RelationName[];
  readonly late: LateName[];
  readonly given: LateName[];
  readonly changes: LateChange[];
  readonly backfilled: LateChange[];
  readonly lateRows: LateInFile[];
  readonly wants: Claim[];
  readonly exchanged: Exchanged[];
  readonly said: Said[];
  readonly handled: Handled[];
  catalog: Catalog;
  ordinal: number;
}

/** A change of a new table runs behind the rows that are written in front of it: these are not in its way. */
const inTheWay = (before: readonly Phased[], { newTable }: StrategyContext): readonly Phased[] =>
  newTable ? before.map((p) => ({ ...p, claims: (p.claims ?? []).filter((c) => c.rows !== true) })) : before;

/** Plans one operation against the catalog that those before it leave, or notes why it cannot be. */
function planNext(
  written: Operation,
  statement: Statement,
  migration: Migration,
  context: PlanContext & Pick<StrategyContext, "file">,
  progress: Progress,
): void {
  const { catalog } = progress;
  const operation = asStored(written, catalog);
  const fresh = freshAfter(context.fresh ?? NOTHING_FRESH, progress);
  const relation = tableAbout(operation, catalog);
  const standIns = progress.phased.flatMap(standInsOf);
  const isNew = context.newDatabase === true;
  progress.ordinal += 1;
  const given: StrategyContext = {
    catalog,
    version: context.version,
    migrationId: migration.id,
    ordinal: progress.ordinal,
    statement: statement.sql,
    operationsInStatement: statement.operations.length,
    newTable: relation !== null && (isNew || isFreshTable(relation, fresh, context.catalog)),
    ...(isNew || isOfFresh(operation, fresh, catalog) ? { newObject: true } : {}),
    ...(isNew ? { newDatabase: true } : {}),
    unfilled: unfilled(fresh, catalog),
    ...directivesOf(migration, written),
    ...(gatesOf(migration).some((g) => g.name === "old-writers") ? { watchesWriters: true } : {}),
    file: context.file,
    beforeFile: context.catalog,
    ...(standIns.length === 0 ? {} : { standIns }),
  };
  const after = applyOperation(catalog, operation);
  const passed = { operation, before: catalog, after, naming: namingOf(context.engine, catalog) };
  try {
    const asked = phaseOf(migration, statement);
    const planned = planOperation(operation, statement, migration, given, context, progress);
    const typed = behindType(progress.phased, operation, planned, asked, catalog.defaultSchema);
    const own = behindNotNull(progress.changes, operation, typed, asked, catalog);
    const exchanged = behindExchange(progress.exchanged, operation, statement.sql, own);
    // What has no steps of its own is done by another operation of the file.
    if (exchanged.steps.length > 0)
      refuseChain(inTheWay(progress.phased, given), operation, exchanged, catalog.defaultSchema);
    const reading = { engine: context.engine, defaultSchema: catalog.defaultSchema };
    const behind = behindStandIn(standIns, operation, statement.sql, exchanged, asked, reading);
    const placed = behindItsChange(progress.phased, operation, behind, asked, catalog.defaultSchema);
    const waiting = behindIndex(progress.backfilled, operation, placed, asked);
    const next = withOwnHolders(progress.phased, progress.handled, operation, waiting, context.catalog);
    refusePointing(progress.phased, operation, next, catalog.defaultSchema);
    refuseLeft(progress.said, next, after);
    refuseCopiedEarly(operation, progress.phased, catalog);
    refuseHeld(progress.phased, operation, statement.sql, next, { engine: context.engine, catalog });
    refuseHeldInFront(
      context.file.map((f) => f.operation),
      progress.ordinal - 1,
      next,
      catalog,
    );
    const before = progress.phased.flatMap((p) => p.steps);
    if (next.steps.length > 0) refuseKept(context.engine, before, operation, { before: catalog, after });
    if (!given.newTable) {
      refuseUntilGone(context, next.steps, operation, catalog);
      refuseHashing(context.engine, next.steps, operation, { before: catalog, after });
    }
    refuseTakenName(progress.late, passed, next);
    refuseNeededEarly({ late: progress.changes, backfilled: progress.backfilled }, operation, next, catalog);
    progress.changes.push(...lateChanges(catalog, after, next));
    progress.backfilled.push(...backfilledChanges(catalog, after, next));
    progress.late.push(...lateNames(passed, next));
    progress.given.push(...lateGiven(passed, next));
    progress.exchanged.push(...exchangedBy(operation, next, passed.naming));
    progress.lateRows.push(...lateForRows(operation, next, progress.phased, catalog));
    progress.phased.push(next);
    progress.regrouped.push(...regroupedBy(operation, next));
    progress.written.push(...writtenBy(operation, next));
    progress.handled.push(...[handledBy(operation, next) ?? []].flat());
    progress.said.push(...(given.newTable ? [] : [saidOf(operation) ?? []].flat()));
    const passedBy = context.file.slice(0, progress.ordinal - 1).map((f) => f.operation);
    progress.makes.push(...madeBy(operation, next, passedBy, fresh, catalog));
    progress.fills.push(...filledBy(operation, fresh, catalog));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    progress.refusals.push(refusalOf(migration, operation, error));
    progress.wants.push(...error.claims);
  }
  progress.creates.push(...createdBy(operation, catalog));
  progress.catalog = after;
}

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

/** A gate's SQL is asked again and again, by `status` too: it must be one query and no more. */
function refusedGates(migration: Migration, engine: Engine): PlanRefusal[] {
  return migration.directives.flatMap((directive) => {
    if (directive.kind !== "gate" || directive.gate.name !== "sql") return [];
    const wrong = notOneQuery(engine, directive.gate.setting);
    if (wrong === null) return [];
    const refusal = new Refusal(
      `The gate's SQL is not a query: ${wrong}.`,
      'Write one SELECT whose first column is true when the contract may run: `-- zmigrate:gate sql="SELECT ..."`.',
    );
    return [refusalOf(migration, directive, refusal)];
  });
}

/** The gate `old-writers` has nothing to go by where no triggers keep an old and a new side equal. */
function unwatched(migration: Migration, phased: readonly Phased[]): PlanRefusal[] {
  const asked = migration.directives.find((d) => d.kind === "gate" && d.gate.name === "old-writers");
  const retires = phased.flatMap((p) => p.retires);
  const blind = [
    ...retires.filter((r) => r.writers === undefined).map((r) => r.column),
    ...phased.flatMap((p) => p.retiredTables ?? []).map((t) => t.relation.name),
  ];
  if (asked === undefined || (retires.length > 0 && blind.length === 0)) return [];
  const what = blind.length === 0 ? "what this file takes away" : blind.join(", ");
  const refusal = new Refusal(
    `The gate old-writers cannot tell who still writes ${what}: that is noted for columns that are renamed, while triggers keep the old and the new name equal.`,
    "Leave the gate out, or put the other changes into a file of their own.",
  );
  return [refusalOf(migration, asked, refusal)];
}

function refusalOf(migration: Migration, { span }: { readonly span: Span }, refusal: Refusal): PlanRefusal {
  const { line, column } = positionOf(migration.text, span.start);
  const { id, slug, file } = migration;
  return Object.freeze({ id, name: slug, file, line, column, reason: refusal.message, help: refusal.help });
}

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
function compose(migration: Migration, progress: Progress, before: Catalog): MigrationPlan {
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
