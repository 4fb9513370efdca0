import { isDeepStrictEqual } from "node:util";
import type { Engine } from "../engines/engine.js";
import { positionOf } from "../files/position.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { Operation } from "../model/operation.js";
import type { PlanRefusal } from "../model/plan.js";
import type { Statement } from "../model/statement.js";
import { calledBefore, type Renaming } from "./called-before.js";
import { changeOfRows } from "./data-order.js";
import type { Planned } from "./plan.js";
import { isAboutRights } from "./rights-beside.js";

/** Null for an operation that does not only give a column or a table another name. */
function renamingOf(operation: Operation): Renaming | null {
  const { relation } = operation;
  if (operation.kind === "rename-column") {
    const { from, to } = operation;
    return { relation: operation.relation, column: to, from, to };
  }
  if (operation.kind !== "other" || relation === null) return null;
  const { detail } = operation;
  if (detail?.kind === "rename-table") {
    const { schema, name: to } = detail.to;
    // Into another schema: the name alone does not say which one is meant.
    if (schema !== null && schema !== relation.schema) return null;
    return { relation: { schema: relation.schema, name: to }, column: null, from: relation.name, to };
  }
  // MySQL's CHANGE.
  if (detail?.kind !== "modify-column" || detail.definition.name === detail.column) return null;
  const { name: to } = detail.definition;
  return { relation, column: to, from: detail.column, to };
}

/** The names that a statement gives, the last one first; none where it does anything else. */
function renamingsOf({ operations }: Statement): readonly Renaming[] {
  const all = operations.flatMap((o) => renamingOf(o) ?? []);
  return all.length === operations.length ? all.toReversed() : [];
}

const isMade = (operation: Operation): boolean =>
  operation.kind === "create-table" ||
  (operation.kind === "other" && /^(?:create|drop)-object$/.test(operation.detail?.kind ?? ""));

/** Rows and rights keep the order of the file, and what has a body or a query of its own is not looked into. */
const mayMove = ({ operations }: Statement): boolean =>
  operations.every((o) => o.relation !== null && changeOfRows(o) === null && !isAboutRights(o) && !isMade(o));

/** What a migration is planned with. */
interface Given {
  readonly engine: Pick<Engine, "name" | "parse" | "quote" | "columnsNamed">;
  readonly catalog: Catalog;
}

type ColumnKind = "alter-column-type" | "drop-not-null" | "set-not-null";

/** The columns of one kind of change, each with its table; null where a statement does anything else. */
function columnsOf({ operations }: Statement, kind: ColumnKind): readonly string[] | null {
  const columns = operations.flatMap((o) =>
    o.kind === "other" && o.detail?.kind === kind ? [JSON.stringify([o.relation, o.detail.column])] : [],
  );
  return columns.length === operations.length ? columns : null;
}

/** Whether two statements about a column are the same to the server in the other order: the type, and whether it may be NULL. */
function commutes(own: Statement, before: Statement): boolean {
  const about = (a: readonly string[] | null, b: readonly string[] | null) =>
    a !== null && b !== null && a.some((column) => b.includes(column));
  return (
    about(columnsOf(own, "drop-not-null"), columnsOf(before, "alter-column-type")) ||
    about(columnsOf(own, "alter-column-type"), columnsOf(before, "set-not-null"))
  );
}

/**
 * A statement of the file stands in front of the next rename that it stood behind, and has the former name, or of another change of
 * its column that it needs not stand behind; null where it cannot.
 */
function moved(statements: readonly Statement[], at: number, { engine, catalog }: Given): readonly Statement[] | null {
  const { defaultSchema } = catalog;
  let own = statements[at];
  if (own === undefined || !mayMove(own)) return null;
  for (let n = at - 1; n >= 0; n -= 1) {
    const before = statements[n];
    if (before === undefined) return null;
    const renamings = renamingsOf(before);
    if (renamings.length === 0 && !mayMove(before)) return null;
    for (const renaming of renamings) {
      const called = calledBefore(own, renaming, engine, defaultSchema);
      if (called === null) return null;
      own = called;
    }
    if (renamings.length > 0 || commutes(own, before)) return statements.toSpliced(at, 1).toSpliced(n, 0, own);
  }
  return null;
}

/** What is the same whatever a definition's text is like: the trial of a plan, or its run, compares the rest. */
const shapeOf = ({ tables }: Catalog) =>
  new Map(
    tables.map((t) => [
      JSON.stringify([t.relation.schema, t.relation.name]),
      [
        t.columns.map(({ name, type, notNull, default: value, comment }) => [name, type, notNull, value, comment]),
        new Map(t.constraints.map(({ name, kind, columns }) => [name, [kind, columns]])),
        new Map(t.indexes.map(({ name, columns, unique }) => [name, [columns, unique]])),
      ],
    ]),
  );

const isSameShape = (a: Planned, b: Planned): boolean => isDeepStrictEqual(shapeOf(a.catalog), shapeOf(b.catalog));

/** Only gates, and what lint reads, are about no place of the file. */
const hasPlaces = ({ directives }: Migration): boolean =>
  directives.some(({ kind }) => kind !== "gate" && kind !== "ignore" && kind !== "written");

const startOf = ({ span }: Statement): number => span.start;

/** Whether one of the refusals is about the statement. */
function isRefused({ text }: Migration, { operations }: Statement, refusals: readonly PlanRefusal[]): boolean {
  const places = operations.map((o) => positionOf(text, o.span.start));
  return refusals.some((r) => places.some((p) => p.line === r.line && p.column === r.column));
}

/** One of two orders is refused for less, and for nothing that the other one is not. */
const isBetter = ({ refusals }: Planned, other: Planned): boolean =>
  refusals.length < other.refusals.length &&
  refusals.every((r) => other.refusals.some((o) => o.line === r.line && o.column === r.column));

/** What a reviewer should know of statements that do not stand where they are written. */
function notesOn({ text }: Migration, statements: readonly Statement[]): string[] {
  return statements.flatMap(({ span, sql }, n) => {
    const passed = statements.slice(n).filter((other) => startOf(other) < span.start);
    if (passed.length === 0) return [];
    const { line } = positionOf(text, span.start);
    const isRenamed = passed.some((other) => renamingsOf(other).length > 0);
    const where = isRenamed ? "the rename, with the former name" : "what is written before it";
    return [`The statement of line ${line} runs in front of ${where}: ${sql.replace(/\s+/g, " ")}`];
  });
}

function withNotes(planned: Planned, notes: readonly string[]): Planned {
  const { plan } = planned;
  return plan === null ? planned : { ...planned, plan: Object.freeze({ ...plan, notes: [...plan.notes, ...notes] }) };
}

/** A file in another order, and its plan. */
interface Tried {
  readonly migration: Migration;
  readonly planned: Planned;
}

/** The same, with a statement in front of as many renames as it takes until it can be planned; null where that does not help. */
function withInFront(
  { migration, planned }: Tried,
  start: number,
  given: Given,
  plan: (migration: Migration) => Planned,
): Tried | null {
  const at = (statements: readonly Statement[]) => statements.findIndex((s) => startOf(s) === start);
  let statements = moved(migration.statements, at(migration.statements), given);
  while (statements !== null) {
    const tried = { ...migration, statements };
    const made = plan(tried);
    if (isBetter(made, planned) && isSameShape(made, planned)) return { migration: tried, planned: made };
    statements = moved(statements, at(statements), given);
  }
  return null;
}

/** All statements that are refused, each in front of the rename that it stands behind; null where that is not all that it takes. */
function withAllInFront(
  { migration, planned }: Tried,
  given: Given,
  plan: (migration: Migration) => Planned,
): Tried | null {
  const refused = migration.statements.filter((s) => isRefused(migration, s, planned.refusals));
  const statements = refused.reduce<readonly Statement[]>(
    (all, own) => moved(all, all.indexOf(own), given) ?? all,
    migration.statements,
  );
  const tried = { ...migration, statements };
  const made = plan(tried);
  return made.refusals.length === 0 && isSameShape(made, planned) ? { migration: tried, planned: made } : null;
}

/**
 * Until the swap what is renamed has its former name: a statement behind a rename that cannot be planned there stands in front of
 * it, with that name, which is the same to the server. So is the type of a column in front of whether it may be NULL.
 *
 * @param planned the file as it is written
 * @param plan for the file in another order
 */
export function inFrontOfRenames(
  migration: Migration,
  planned: Planned,
  given: Given,
  plan: (migration: Migration) => Planned,
): Planned {
  if (planned.refusals.length === 0 || hasPlaces(migration)) return planned;
  const written = { migration, planned };
  const oneByOne = () =>
    migration.statements.reduce<Tried>(
      (tried, statement) =>
        isRefused(migration, statement, tried.planned.refusals)
          ? (withInFront(tried, startOf(statement), given, plan) ?? tried)
          : tried,
      written,
    );
  const best = withAllInFront(written, given, plan) ?? oneByOne();
  return withNotes(best.planned, notesOn(migration, best.migration.statements));
}
