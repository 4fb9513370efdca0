import { findTable, type Phased, Refusal, type StrategyContext } from "../engines/engine.js";
import { asStored } from "../engines/stored-names.js";
import { directivesOf, gatesOf, phaseOf } from "../files/scope.js";
import { applyOperation } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { Statement } from "../model/statement.js";
import { behindExchange, exchangedBy } from "./behind-exchange.js";
import { behindIndex } from "./behind-index.js";
import { behindNotNull } from "./behind-not-null.js";
import { behindPartition, regroupedBy } from "./behind-partition.js";
import { behindType, refusePointing } from "./behind-type.js";
import { refuseChain } from "./chain.js";
import { inOrder, writtenBy } from "./data-order.js";
import { filledBy, freshAfter, isFreshTable, isOfFresh, madeBy, NOTHING_FRESH, unfilled } from "./fresh.js";
import { refuseHeld } from "./held-columns.js";
import { refuseHeldInFront } from "./held-in-front.js";
import { refuseHashing, refuseKept, refuseUntilGone } from "./kept-columns.js";
import { backfilledChanges, lateChanges } from "./late-changes.js";
import { lateForRows } from "./late-for-rows.js";
import { lateGiven, lateNames, refuseTakenName } from "./late-names.js";
import { refuseNeededEarly } from "./late-needs.js";
import { refuseCopiedEarly } from "./like-too-early.js";
import { namingOf } from "./names.js";
import { handledBy, withOwnHolders } from "./own-holder.js";
import { asSplit } from "./phase-asked.js";
import type { PlanContext } from "./plan.js";
import type { Progress } from "./progress.js";
import { refusalOf } from "./refusal-of.js";
import { behindItsChange, refuseLeft, saidOf } from "./said.js";
import { isAboutSession, leaveOut, runsAnyway } from "./session-statement.js";
import { behindStandIn, standInsOf } from "./stand-ins.js";
import { refuseWithoutKey } from "./walkable.js";

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

/** A change of a new table runs behind the rows that are written in front of it: these are not in its way. */
const inTheWay = (before: readonly Phased[], { newTable }: StrategyContext): readonly Phased[] =>
  newTable ? before.map((p) => ({ ...p, claims: (p.claims ?? []).filter((c) => c.rows !== true) })) : before;

/** Plans one operation against the catalog that those before it leave, or notes why it cannot be. */
export function planNext(
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
