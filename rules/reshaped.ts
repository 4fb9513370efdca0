import { findTable } from "../src/engines/engine.js";
import { outputsOf, outputTypesOf } from "../src/engines/known-view.js";
import { namesLost } from "../src/engines/overloads.js";
import { isAssignable } from "../src/engines/postgres/effects/casts.js";
import { typeName } from "../src/engines/postgres/effects/type-names.js";
import { knownView } from "../src/engines/table-lookup.js";
import type { CreateObject } from "../src/model/detail/object.js";
import { namesText } from "../src/plural.js";
import { droppedRoutine, exchangedView, isMadeAlike, isRoutine, lostWithView, madeAnew } from "./made-anew.js";
import type { RuleContext, Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

/** A column as statements meet it. */
interface Column {
  readonly name: string;
  /** As written; null where it is not told. */
  readonly type: string | null;
}

/** A view or function before, and the one that stands in its place. */
interface Reshaped {
  readonly called: string;
  readonly before: readonly Column[];
  readonly after: readonly Column[];
  /** INSERT goes into it, too. */
  readonly isView: boolean;
}

/** What becomes of statements that use a view or function which its transaction makes again with other columns (PostgreSQL). */
export type Reshaping = "kept" | Verdict | null;

/**
 * A view or function that the same transaction makes in the place of one that it drops, with other columns: statements that name
 * columns which stay go on, and those that take columns by their place meet others. Null where the columns of either are not told. Seen
 * on PostgreSQL 18.
 */
export function reshaping(context: RuleContext): Reshaping {
  const found = reshapedOf(context);
  if (found === null) return null;
  return (
    columnsGone(found, context) ?? columnsOfOtherTypes(found, context) ?? columnsElsewhere(found, context) ?? "kept"
  );
}

/** Whether statements that name what a DROP takes, and its columns, find them again. */
export function isFoundAgain(context: RuleContext): boolean {
  if (isMadeAlike(context)) return true;
  const shape = lostWithView(context).length > 0 ? null : reshaping(context);
  return shape === "kept" || shape?.severity === "warning";
}

function reshapedOf(context: RuleContext): Reshaped | null {
  const made = madeAnew(context);
  if (made === null) return exchangedBy(context);
  if (made.name === null || made.withData === false) return null;
  const called = `${made.object.replace("-", " ")} ${context.engine.quoteRelation(made.name)}`;
  const [before, after] = isRoutine(made) ? rowsOf(made, context) : shownBy(made, context);
  return before === null || after === null ? null : { called, before, after, isView: made.object === "view" };
}

/** A view that gets the name of the one that goes has its columns already: new ones behind those of before are no news, of a materialized one neither. */
function exchangedBy(context: RuleContext): Reshaped | null {
  const [dropped, now] = [detailOf(context.operation, "drop-object"), exchangedView(context)];
  const old = dropped?.name == null ? null : knownView(context.catalog, dropped.name);
  if (dropped === null || now === null || old === null) return null;
  const [before, after] = [old, now].map(({ columns, starred, types }) => columnsOf(columns ?? starred, types));
  const called = `${dropped.object.replace("-", " ")} ${context.engine.quoteRelation(old.name)}`;
  return before == null || after == null ? null : { called, before, after, isView: true };
}

type Sides = readonly [before: readonly Column[] | null, after: readonly Column[] | null];

const NOT_TOLD: Sides = [null, null];

/** Functions that take the same calls, and give rows. */
function rowsOf({ routine: now }: CreateObject, context: RuleContext): Sides {
  const old = droppedRoutine(context);
  if (old == null || old.rows === undefined || now?.rows === undefined) return NOT_TOLD;
  const isCalledAlike = old.rows.set === now.rows.set && namesLost(old, now).length === 0;
  return isCalledAlike ? [old.rows.columns, now.rows.columns] : NOT_TOLD;
}

/** The columns at the end of the transaction, which may give a table others before it makes the view. */
function shownBy(made: CreateObject, context: RuleContext): Sides {
  const { catalog } = context;
  const end = context.atEnd();
  const old = made.name === null ? null : knownView(catalog, made.name);
  const now = end === null || made.name === null ? null : knownView(end, made.name);
  const written = made.outputs?.includes("*") === false ? outputsOf(made, () => null) : null;
  // What the transaction does to the type of a table's column is told there.
  const types = outputTypesOf(made, (relation) => findTable(catalog, relation));
  return [
    columnsOf(old?.columns ?? old?.starred ?? null, old?.types ?? null),
    columnsOf(now?.columns ?? now?.starred ?? written, types),
  ];
}

/** Null as well where two have the same name: the server refuses such a view (42701). */
function columnsOf(
  names: readonly (string | null)[] | null,
  types: readonly (string | null)[] | null,
): readonly Column[] | null {
  const columns = names?.flatMap((name, at) => (name === null ? [] : { name, type: types?.[at] ?? null })) ?? [];
  return new Set(columns.map(({ name }) => name)).size === names?.length ? columns : null;
}

const WAY_OUT =
  "Deploy code that survives it first, then run it under `-- zmigrate:phase contract`; or say with an ignore why nothing uses it.";

function columnsGone({ called, before, after }: Reshaped, { engine }: RuleContext): Verdict | null {
  const gone = before.filter(({ name }) => !after.some((column) => column.name === name));
  if (gone.length === 0) return null;
  const names = namesText(gone.map(({ name }) => engine.quote(name)));
  const message = `Running code suffers from this: statements that name ${names} of ${called} fail (42703).`;
  return { message, help: WAY_OUT };
}

function columnsOfOtherTypes({ called, before, after }: Reshaped, { engine }: RuleContext): Verdict | null {
  const others = before.flatMap((column) => {
    const now = after.find(({ name }) => name === column.name);
    return now === undefined || isSameType(column.type, now.type)
      ? []
      : { name: column.name, from: column.type, to: now.type };
  });
  const [first] = others;
  if (first === undefined) return null;
  const isAlike = others.every(({ from, to }) => isOfOneFamily(from, to));
  const shown = others.map(({ name, from, to }) => `${engine.quote(name)} is ${to}, and no longer ${from}`);
  return {
    ...(isAlike ? { severity: "warning" as const } : {}),
    message: `Of ${called}, ${namesText(shown)}: statements that compare or calculate with it may fail (42883), and those that were prepared before and give it back do (0A000).`,
    help: "Show the new one under another name, and leave the old one as it is until no code uses it; or have connections opened anew, where code takes either.",
  };
}

const isSameType = (from: string | null, to: string | null): boolean => {
  const [a, b] = [from, to].map((type) => (type === null ? null : typeName(type)));
  if (a == null || b == null) return true;
  return a.name === b.name && a.array === b.array;
};

/** One is taken for the other without being asked for. */
const isOfOneFamily = (from: string | null, to: string | null): boolean => {
  const [a, b] = [from, to].map((type) => (type === null ? null : typeName(type)));
  if (a == null || b == null || a.array || b.array) return false;
  return isAssignable(a.name, b.name) && isAssignable(b.name, a.name);
};

/** Columns of a view behind those that were there are what OR REPLACE may add, and no news. */
function columnsElsewhere({ called, before, after, isView }: Reshaped, { engine }: RuleContext): Verdict | null {
  const at = before.findIndex(({ name }, place) => after[place]?.name !== name);
  if (at < 0 && (isView || before.length === after.length)) return null;
  const names = (columns: readonly Column[]) => columns.map(({ name }) => engine.quote(name)).join(", ");
  const lone = before.length === 1 && !isView ? "; calls that take its value meet a row (42883)" : "";
  const insert = isView ? ", INSERT without a list of columns" : "";
  return {
    severity: "warning",
    message: `Statements that take the columns of ${called} by their place meet others: ${names(after)}, and no longer ${names(before)}. These are SELECT *${insert}, and UNION (42601); prepared before, they fail (0A000)${lone}. Those that name its columns go on.`,
    help: isView
      ? "Write new columns behind those that are there, with CREATE OR REPLACE VIEW; or have running code name its columns first."
      : "Make the new one under another name, and drop this one later under `-- zmigrate:phase contract`; or have running code name its columns first.",
  };
}
