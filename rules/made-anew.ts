import { findTable, sameRelation } from "../src/engines/engine.js";
import { type KnownView, outputsOf } from "../src/engines/known-view.js";
import { namesLost, takesCallsOf, takesPlainCallsOf } from "../src/engines/overloads.js";
import { holdsRight } from "../src/engines/rights.js";
import { knownRoutines, knownView } from "../src/engines/table-lookup.js";
import type { CreateObject, DropObject, RoutineShape } from "../src/model/detail/object.js";
import { rightsGiven } from "./rights-given.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "laterOn" | "engine">;

/** What other code names by itself. */
const NAMED: ReadonlySet<string> = new Set(["view", "materialized-view", "function", "procedure"]);

/**
 * A view or routine that the same transaction makes in the place of one that it drops, whatever is different; else null. Who
 * names it meanwhile waits, and looks its name up anew (PostgreSQL).
 */
export function madeAnew({ operation, catalog, laterOn, engine }: Asked): CreateObject | null {
  const dropped = detailOf(operation, "drop-object");
  if (engine.name !== "postgres" || dropped === null || dropped.cascade || !NAMED.has(dropped.object)) return null;
  const { name } = dropped;
  if (name === null) return null;
  const made = laterOn(name.name).map((later) => detailOf(later, "create-object"));
  const isIt = (c: CreateObject | null): boolean =>
    c?.object === dropped.object && c.name !== null && sameRelation(c.name, name, catalog.defaultSchema);
  return made.find((c) => isIt(c) && c !== null && takesSame(dropped, c)) ?? null;
}

/** A routine with more arguments is in its place where those have defaults. */
function takesSame({ takes }: DropObject, { object, routine }: CreateObject): boolean {
  if (object === "view" || object === "materialized-view" || takes === undefined) return true;
  const more = (routine?.takes.length ?? 0) - takes.length;
  return more <= (routine?.defaults ?? 0) && takes.join() === routine?.takes.slice(0, takes.length).join();
}

/** Whether running code finds all of it again: a view's columns in their order, a routine's arguments and result. */
export function isMadeAlike(asked: Asked): boolean {
  const made = madeAnew(asked);
  if (made === null) return isExchangedAlike(asked);
  if (made.name === null || made.withData === false) return false;
  return isRoutine(made) ? isSameRoutine(made, asked) : isSameView(made, asked);
}

/**
 * `DROP VIEW v; ALTER VIEW v_new RENAME TO v`: the view that the same transaction gives the name of one that it drops, as it is
 * before that; null where there is none, or no file made it (PostgreSQL).
 */
export function exchangedView({ operation, catalog, laterOn, engine }: Asked): KnownView | null {
  const dropped = detailOf(operation, "drop-object");
  if (engine.name !== "postgres" || dropped === null || dropped.cascade || dropped.name === null) return null;
  if (dropped.object !== "view" && dropped.object !== "materialized-view") return null;
  const { name } = dropped;
  const taking = laterOn(name.name).map((later) => {
    const renamed = detailOf(later, "rename-object");
    if (renamed === null || renamed.name === null) return null;
    const to = { schema: renamed.name.schema, name: renamed.to };
    return sameRelation(to, name, catalog.defaultSchema) ? knownView(catalog, renamed.name) : null;
  });
  const isSameKind = (view: KnownView | null) => view?.materialized === (dropped.object === "materialized-view");
  return taking.find(isSameKind) ?? null;
}

function isExchangedAlike(asked: Asked): boolean {
  const name = detailOf(asked.operation, "drop-object")?.name ?? null;
  const [before, after] = [name === null ? null : knownView(asked.catalog, name), exchangedView(asked)];
  return (
    before !== null && after !== null && showsAll(before.columns, after.columns) && lostWithView(asked).length === 0
  );
}

/** Whether all columns of a view are those that another one begins with. */
const showsAll = (before: KnownView["columns"], after: KnownView["columns"]): boolean =>
  before?.every((name, at) => name !== null && after?.[at] === name) === true;

export const isRoutine = ({ object }: Pick<CreateObject, "object">): boolean =>
  object === "function" || object === "procedure";

/** One that no file has made was there only for IF EXISTS. */
function isSameRoutine({ routine }: CreateObject, asked: Asked): boolean {
  const old = droppedRoutine(asked);
  if (old === null) return detailOf(asked.operation, "drop-object")?.ifExists === true;
  return old !== undefined && routine !== undefined && takesCallsOf(old, routine);
}

/** The routine that an operation drops; null where no file made any of the name, undefined where it is none of those, or which is not said. */
export function droppedRoutine({ operation, catalog }: Asked): RoutineShape | null | undefined {
  const dropped = detailOf(operation, "drop-object");
  const before = dropped === null || dropped.name === null ? null : knownRoutines(catalog, dropped.name);
  if (before === null) return null;
  const said = dropped?.takes;
  return said === undefined ? onlyOf(before) : before.find(({ takes }) => takes.join() === said.join());
}

/** Where calls find nothing else missing: the arguments of a routine that the one made in its place calls otherwise. */
export function argumentsRenamed(asked: Asked): readonly string[] {
  const [old, now] = [droppedRoutine(asked), madeAnew(asked)?.routine];
  return old != null && now !== undefined && takesPlainCallsOf(old, now) ? namesLost(old, now) : [];
}

const onlyOf = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

function isSameView(made: CreateObject, asked: Asked): boolean {
  const { operation, catalog } = asked;
  const before = made.name === null ? null : knownView(catalog, made.name);
  if (before === null) return detailOf(operation, "drop-object")?.ifExists === true && readsKnown(made, asked);
  const after = outputsOf(made, (relation) => findTable(catalog, relation));
  return showsAll(before.columns, after) && lostWithView(asked).length === 0;
}

/** Where files made all that a view reads, they would have made the view. */
const readsKnown = ({ reads }: CreateObject, { catalog }: Asked): boolean =>
  reads.length > 0 && reads.every((relation) => findTable(catalog, relation) !== null);

/** Rights on a view that go with it, and are not given again. */
export function lostWithView(asked: Asked): readonly string[] {
  const had = rightsBefore(asked);
  const given = had.length === 0 ? [] : [...givenAnew(asked), ...(exchangedView(asked)?.rights ?? [])];
  return had.filter((right) => !holdsRight(given, right));
}

/** What files have given on a view that is dropped. */
export function rightsBefore({ operation, catalog }: Asked): readonly string[] {
  const name = detailOf(operation, "drop-object")?.name ?? null;
  return name === null ? [] : (knownView(catalog, name)?.rights ?? []);
}

/** What the transaction gives on what it makes in its place. */
export function givenAnew({ operation, catalog, laterOn }: Asked): readonly string[] {
  const name = detailOf(operation, "drop-object")?.name ?? null;
  if (name === null) return [];
  const later = laterOn(name.name);
  const at = later.findIndex((one) => detailOf(one, "create-object") !== null);
  return rightsGiven(name, later.slice(at + 1), catalog);
}
