import type { Table } from "../../model/catalog.js";
import type { DataChange, Walk } from "../../model/detail/data.js";
import type { Lock } from "../../model/effect.js";
import { type RelationName, show } from "../../model/name.js";
import type { OtherOperation } from "../../model/operation.js";
import type { ParsedSql } from "../../model/statement.js";
import type { BackfillWork, Step } from "../../model/step.js";
import { findTable, type Phased, Refusal, type StrategyContext, sameRelation } from "../engine.js";
import { askedAnew } from "./asked-anew.js";
import { carriedOver } from "./carried.js";
import { claimsOf } from "./claims.js";
import { isAlone, isFirstOfStatement } from "./in-file.js";
import { readsChanged } from "./indirect.js";
import { carriesKey, walkKey } from "./key.js";
import { cascadeNotes, leftBy, notesOf } from "./notes.js";
import { isSmall, isUnfilled, type Obstacle, obstacle, sizesOf } from "./obstacle.js";
import { type Readings, readingsOf, tablesOf } from "./reading.js";
import type { Stored } from "./stored.js";

/** The tables of a change: whose rows are met, and which is written. */
export interface Tables {
  readonly walked: Table;
  /** The same for UPDATE and DELETE; null where it is not known. */
  readonly into: Table | null;
}

/** What an engine says of a change of rows. */
export interface Writer<C extends StrategyContext> {
  /** @throws Refusal for what no plan is made of */
  refuse(detail: DataChange): void;
  /** @throws Refusal when the table is not known */
  tableOf(relation: RelationName, context: C): Table;
  /** Why the rows of such tables cannot be walked. */
  obstacle(detail: DataChange, tables: Tables, context: C): Obstacle | null;
  /** What stands around the condition in each batch. */
  around(walk: Walk, detail: DataChange, tables: Tables): Pick<Walk, "head" | "tail">;
  /** A step with the locks that the effects of the operation say. */
  step(
    operation: OtherOperation,
    context: C,
    given: Pick<Step, "sql" | "reason"> & Partial<Step> & { readonly name: string },
  ): Step;
  /** A function of the server's own that depends on no rows. */
  isPlain(name: RelationName): boolean;
  /** A function of the server's own that reads whatever table it is told. */
  readsAny(name: RelationName): boolean;
  /** A function that may give another value each time it is called, in one statement or the next. */
  varies(name: RelationName, stored: Stored): boolean;
  /** How a function is declared that does not: `IMMUTABLE or STABLE`; null for one of the server's own. */
  steadyAs(name: RelationName): string | null;
  /** Texts that the database keeps are read by it. */
  parse(sql: string): ParsedSql;
}

/** One change on its way to steps. */
interface Change<C extends StrategyContext> {
  readonly detail: DataChange;
  readonly operation: OtherOperation;
  readonly context: C;
  readonly writer: Writer<C>;
}

type Place = Pick<Step, "phase" | "stage">;

function placeOf({ verb, source }: DataChange, { newTable }: StrategyContext): Place {
  if (verb === "delete" && !newTable) return { phase: "contract", stage: "drop" };
  return { phase: source === "rows" ? "expand" : "backfill", stage: null };
}

/** A batch holds its rows for a moment, and so does a statement over few. */
const brief = (lock: Lock): Lock => ({ ...lock, held: "brief" });

function stepOf<C extends StrategyContext>(
  { detail, operation, context, writer }: Change<C>,
  given: Partial<Step> & Pick<Step, "reason">,
): Step {
  const each: OtherOperation = { ...operation, detail: { ...detail, filtered: true } };
  const made = writer.step(each, context, {
    name: detail.verb,
    ...placeOf(detail, context),
    kind: "backfill",
    transaction: true,
    scan: false,
    unlimited: false,
    final: detail.verb === "delete" && !context.newTable,
    sql: [],
    ...given,
  });
  return { ...made, locks: made.locks.map(brief) };
}

function only(
  made: Step,
  notes: readonly string[],
  { detail, context }: Pick<Change<StrategyContext>, "detail" | "context">,
): Phased {
  const leaves = leftBy(detail, context.newTable);
  return {
    steps: [made],
    retires: [],
    gates: [],
    notes,
    ...(leaves.length === 0 ? {} : { leaves }),
    anyPhase: true,
    // What runs in expand is done when the next migration begins.
    ...(made.phase === "expand" ? {} : { claims: claimsOf(detail) }),
  };
}

const cascades = ({ verb }: DataChange, table: Table | null, context: StrategyContext): string[] =>
  verb === "delete" ? cascadeNotes(table, context) : [];

/** One statement that commits with its row of the journal, so that it runs once. */
function atOnce<C extends StrategyContext>(change: Change<C>, target: Table, place: Place, reason: string): Phased {
  const { detail, context } = change;
  const made = stepOf(change, { ...place, rowsOnly: true, sql: [context.statement], reason });
  return only(made, cascades(detail, target, context), change);
}

/** Why an INSERT ... SELECT could bring a row in twice. */
function twice(detail: DataChange, into: Table | null, context: StrategyContext): Obstacle | null {
  if (detail.verb !== "insert" || detail.conflict !== null || context.newTable || carriesKey(detail, into)) return null;
  return [
    "nothing keeps a row from coming in twice when it is applied again after a rollback",
    "Carry a unique key over, or say what happens to rows that are there (ON CONFLICT DO NOTHING, INSERT IGNORE).",
  ];
}

function workOf<C extends StrategyContext>(
  { detail, context, writer }: Change<C>,
  walk: Walk,
  tables: Tables,
  key: readonly string[] | null,
): BackfillWork {
  const { verb } = detail;
  const { batch } = context;
  return {
    relation: tables.walked.relation,
    set: "",
    where: walk.where ?? "TRUE",
    key,
    rows: batch?.rows ?? null,
    targetMs: batch?.targetMs ?? null,
    statement: {
      verb: verb === "insert" || verb === "delete" ? verb : "update",
      into: (tables.into ?? tables.walked).relation,
      alias: walk.alias,
      ...writer.around(walk, detail, tables),
      ...(walk.only ? { only: true as const } : {}),
    },
  };
}

const REASONS: Readonly<Record<string, string>> = Object.freeze({
  delete: "From here on the rows are gone. In batches, so that few rows are locked at a time.",
  insert: "In batches over the rows that are read, each of which is met once.",
  update: "In batches, each row once, so that few are locked at a time; triggers fire as for any other write.",
});

/** The rows in batches, or why not. */
function inBatches<C extends StrategyContext>(
  change: Change<C>,
  readings: Readings,
  stored: Stored,
): Phased | Obstacle {
  const { detail, context, writer } = change;
  const { walk, verb } = detail;
  const wrong = obstacle(detail, walk === undefined ? null : findTable(context.catalog, walk.relation));
  if (wrong !== null || walk === undefined) return wrong ?? ["its rows cannot be told", "Write it in a simpler way."];
  const walked = writer.tableOf(walk.relation, context);
  const into = verb === "insert" ? findTable(context.catalog, detail.writes[0] ?? walk.relation) : walked;
  const tables = { walked, into };
  const more =
    writer.obstacle(detail, tables, context) ??
    readsChanged(detail, walk, readings, stored) ??
    carriedOver(walk, walked) ??
    askedAnew(walk, { ...writer, varies: (name) => writer.varies(name, stored) }, context.catalog) ??
    twice(detail, into, context);
  if (more !== null) return more;
  const chosen = walkKey(walked, verb === "update" ? detail.columns : [], context.batch?.key ?? null);
  if (!("key" in chosen)) return chosen;
  const backfill = workOf(change, walk, tables, chosen.key);
  const made = stepOf(change, { backfill, reason: REASONS[verb] ?? "" });
  const notes = [...notesOf(detail, writer.isPlain), ...cascades(detail, walked, context)];
  return only(made, notes, change);
}

const isPhased = (made: Phased | Obstacle): made is Phased => "steps" in made;

/** In batches, else at once where the tables are small. @throws Refusal */
function overRows<C extends StrategyContext>(change: Change<C>, target: Table): Phased {
  const { detail, context, writer } = change;
  const stored: Stored = { catalog: context.catalog, parse: writer.parse };
  const readings = readingsOf(detail, stored, writer.readsAny);
  const made = inBatches(change, readings, stored);
  if (isPhased(made)) return made;
  const [reason, help] = made;
  if (context.batchesOnly === true) throw new Refusal(`This cannot run in batches: ${reason}.`, help);
  if (isSmall(detail, tablesOf(readings, stored), context))
    return atOnce(change, target, placeOf(detail, context), `At once, since ${reason}; it is small.`);
  throw new Refusal(
    `This cannot run in batches: ${reason}. It is too much for one statement (${sizesOf(detail, context)}).`,
    help,
  );
}

/** No running code waits for it: what it writes is new, and so is what it fills that from. */
function isOnNew({ source, reads, oneRow }: DataChange, target: Table, context: StrategyContext): boolean {
  if (!context.newTable) return false;
  const isTarget = (relation: RelationName) => sameRelation(relation, target.relation, context.catalog.defaultSchema);
  if (oneRow === true) return reads.every((relation) => isTarget(relation) || isUnfilled(relation, context));
  return source === "query"
    ? reads.every((relation) => isUnfilled(relation, context))
    : isUnfilled(target.relation, context);
}

const ALL_NEW = "The database was new when this run began, so no code runs on it.";

/** Nobody waits for it, nor writes meanwhile: one statement, whatever it is. @throws Refusal for a table that is not there */
function onNewDatabase<C extends StrategyContext>(change: Change<C>): Phased {
  const { detail, operation, context, writer } = change;
  const target = writer.tableOf(detail.writes[0] ?? { schema: null, name: "" }, context);
  if (!isFirstOfStatement(operation, context))
    return { steps: [], retires: [], gates: [], notes: ["It runs with the statement that it stands in."] };
  return atOnce(change, target, { phase: "expand", stage: null }, ALL_NEW);
}

/**
 * Rows that are written out come in at once, in expand. UPDATE and INSERT ... SELECT go over their rows in batches, in the
 * backfill phase; DELETE does in the last stage of contract. Small tables take one statement where batches cannot be.
 *
 * @throws Refusal for what can be neither cut into batches nor is small
 */
export function planDataChange<C extends StrategyContext>(
  detail: DataChange,
  operation: OtherOperation,
  context: C,
  writer: Writer<C>,
): Phased {
  if (context.newDatabase === true && detail.verb !== "load")
    return onNewDatabase({ detail, operation, context, writer });
  writer.refuse(detail);
  if (!isAlone(operation, context))
    throw new Refusal(
      "WITH holds a statement that writes rows, and what both write cannot be cut into batches.",
      "Write one statement after the other.",
    );
  const change = { detail, operation, context, writer };
  const target = writer.tableOf(detail.writes[0] ?? { schema: null, name: "" }, context);
  if (detail.source === "rows") return atOnce(change, target, placeOf(detail, context), "Adds rows; old code goes on.");
  if (!isOnNew(detail, target, context)) return overRows(change, target);
  const reason = `${show(target.relation)} is new in this release, so no running code knows it.`;
  return atOnce(change, target, { phase: "expand", stage: null }, reason);
}
