import type { ViewCondition, ViewPart, ViewQuery, ViewShape, ViewWrite } from "../model/detail/view-shape.js";
import type { RelationName } from "../model/name.js";
import { type Contains, implies, isSameText } from "./view-condition.js";
import { columnOf } from "./view-flat.js";
import {
  type Around,
  around,
  conditionsInside,
  isTooDeep,
  type Paired,
  paired,
  TOP,
  withoutTables,
} from "./view-queries.js";
import { shapeText } from "./view-sets.js";

/** A view as its text has it: the names of its columns, and what it lets through. */
export interface SeenView {
  readonly columns: readonly (string | null)[] | null;
  readonly shape: ViewShape;
}

/** What a view no longer takes: as a whole, in a column, or in rows that it does not show. */
export interface LostWrites {
  readonly of: "view" | "column" | "check";
  readonly why: string;
}

/** What a view shows and takes no longer, in words; empty for nothing. */
export interface ViewLoss {
  readonly rows: readonly string[];
  readonly writes: readonly LostWrites[];
}

/**
 * What code loses that goes on with the second view as if it were the first. More rows, more columns and columns of other
 * values are no loss.
 */
export function viewLoss(before: SeenView, after: SeenView): ViewLoss {
  const rows = [
    partsLost(before.shape, after.shape, { ...TOP, isLimited: before.shape.limit !== null }),
    ...countLost(before.shape, after.shape),
  ];
  const writes = [
    ...lostOf("view", writesLost(before.shape, after.shape)),
    ...lostOf("column", columnLost(before, after)),
    ...lostOf("check", checkGained(before.shape, after.shape)),
  ];
  return { rows: rows.filter((why) => why !== null), writes };
}

const lostOf = (of: LostWrites["of"], why: string | null): LostWrites[] => (why === null ? [] : [{ of, why }]);

function partsLost(before: ViewShape, after: ViewShape, around: Around = TOP): string | null {
  const [only] = after.parts;
  const taken: (ViewPart | undefined)[] = [];
  for (const part of before.parts) {
    const reasons = after.parts.map((other) => rowsLost(part, other, around));
    const isFree = (at: number) => taken[at] === undefined || isSameText(shownBy(taken[at]), shownBy(part));
    const places = reasons.flatMap((why, at) => (why === null && isFree(at) ? [at] : []));
    const place = places.find((at) => isSameText(shownBy(after.parts[at]), shownBy(part))) ?? places[0];
    if (place !== undefined) {
      taken[place] = part;
      continue;
    }
    if (before.parts.length > 1) return "a query of its UNION shows fewer rows, or is gone";
    return only !== undefined && after.parts.length === 1
      ? (reasons[0] ?? null)
      : "none of the queries of its UNION shows all of them";
  }
  return null;
}

const shownBy = (part: ViewPart | undefined): string => part?.shown.join(", ") ?? "";

/** Why one query may not show what the other one did; null where it does. */
function rowsLost(before: ViewPart, after: ViewPart, around: Around): string | null {
  const both = paired(before, after);
  return (
    sourcesLost(both) ??
    queriesLost(both, around) ??
    columnChanged(both) ??
    conditionGained(both.before, both.after, around) ??
    (around.isOne ? null : madeOne(both.before, both.after))
  );
}

/** What is lost in the queries that both read. */
function queriesLost({ before, pairs }: Paired, outside: Around): string | null {
  const inside = around(before, outside);
  for (const { old, now } of pairs) {
    if (isTooDeep(inside)) {
      if (shapeText(old.shape) === shapeText(now.shape)) continue;
      return `what is deep inside of ${now.name} is written otherwise`;
    }
    const counted = inside.isLimited || inside.isOne ? [] : countLost(old.shape, now.shape);
    const why = partsLost(old.shape, now.shape, inside) ?? counted.find((one) => one !== null) ?? null;
    if (why !== null) return `in ${now.name}, ${why}`;
  }
  return null;
}

/** A condition asks for a column of a query that this one computes otherwise from here on. */
function columnChanged({ before, pairs }: Paired): string | null {
  const asked = before.conditions.map(({ text }) => text).join(" ");
  for (const { old, now } of pairs) {
    const [was, is] = [old, now].map(({ shape }) => shape.parts[0]);
    const names = old.columns.filter((name) => name !== null && name !== "*" && asked.includes(`${old.name}→${name}`));
    const isOther = (name: string) =>
      was !== undefined &&
      is !== undefined &&
      !isSameText(columnOf(old, was, name) ?? "", columnOf(now, is, name) ?? "");
    const other = names.find((name) => name !== null && isOther(name));
    if (other !== undefined) return `column ${other} of ${now.name}, which a condition asks for, is computed otherwise`;
  }
  return null;
}

/** All that the one query of an expression finds, the other one finds too. */
function containsIn({ depth }: Around): Contains {
  const inside: Around = { ...TOP, isOne: true, depth: depth + 2 };
  return (few, many, asValues) =>
    !isTooDeep(inside) &&
    partsLost(few, many, inside) === null &&
    countLost(few, many).every((why) => why === null || why.startsWith("UNION")) &&
    few.parts.every((part) => many.parts.some((other) => isAlike(part, other, asValues)));
}

/** An aggregate of all rows is there where none is. */
const isAlike = (part: ViewPart, other: ViewPart, asValues: boolean): boolean =>
  (part.grouped?.length === 0) === (other.grouped?.length === 0) &&
  (!asValues || isSameText(shownBy(part), shownBy(other)));

/** A table without its database's name is the one that the other query names with it: SHOW CREATE VIEW does (MySQL, MariaDB). */
function namesOf({ tables }: ViewPart, other: ViewPart): readonly string[] {
  const own = new Set(tables.map(keyOf));
  const homeOf = ({ name }: RelationName) =>
    other.tables.find((one) => one.name === name && !own.has(keyOf(one)))?.schema;
  return tables.map((one) => keyOf({ schema: one.schema ?? homeOf(one) ?? null, name: one.name }));
}

const keyOf = ({ schema, name }: RelationName): string => `${schema ?? ""}.${name}`;
const bareName = (key: string): string => key.slice(key.indexOf(".") + 1);

/** Those of a list that another one does not have, as often as it has them. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const left = [...other];
  return list.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function sourcesLost({ before, after, gone, come }: Paired): string | null {
  const queries = come.map(({ name }) => name);
  if (queries.length > 0) return `${queries.join(" and ")} is joined, and rows that find none there are left out`;
  return tablesLost(before, after, gone) ?? othersLost(before, after);
}

function tablesLost(before: ViewPart, after: ViewPart, queries: readonly ViewQuery[]): string | null {
  const [old, now] = [namesOf(before, after), namesOf(after, before)];
  const [gone, come] = [[...without(old, now), ...queries.map(({ name }) => `.${name}`)], without(now, old)];
  const isAlike = gone.some((key) => now.some((other) => bareName(other) === bareName(key)));
  const named = (keys: readonly string[]) =>
    keys.map((key) => (isAlike ? key.replace(/^\./, "") : bareName(key))).join(" and ");
  if (gone.length > 0 && (come.length > 0 || gone.some((key) => showsGone(before, after, bareName(key))))) {
    return now.length === 0
      ? `it reads nothing of ${named(gone)} any more`
      : `its rows are those of ${named(now)}, and no longer of ${named(gone)}`;
  }
  return come.length === 0 ? null : `${named(come)} is joined, and rows that find none there are left out`;
}

function othersLost(before: ViewPart, after: ViewPart): string | null {
  const [gone, come] = [without(before.others, after.others), without(after.others, before.others)];
  if (come.length > 0) {
    return gone.length === 0
      ? "a query or function is joined to its rows"
      : "its rows are those of another query or function";
  }
  const { tables, others, queries = [] } = after;
  const isNothing = tables.length + others.length + queries.length === 0;
  return gone.length > 0 && isNothing ? "it reads nothing of a query or function any more" : null;
}

/** A column of a table that is no longer read was shown, and is not any more. */
const showsGone = (before: ViewPart, after: ViewPart, table: string): boolean =>
  before.shown.some(
    (text) =>
      text.toLowerCase().startsWith(`${table.toLowerCase()}→`) && !after.shown.some((one) => isSameText(one, text)),
  );

function conditionGained(before: ViewPart, after: ViewPart, around: Around): string | null {
  const texts = new Set(before.conditions.map(({ text }) => text));
  const contains = containsIn(around);
  const elsewhere = [...around.conditions, ...conditionsInside(before)].map(withoutTables);
  const isOld = (condition: ViewCondition) =>
    texts.has(condition.text) ||
    before.conditions.some((old) => implies(old, condition, contains)) ||
    elsewhere.some((old) => implies(old, withoutTables(condition), contains));
  return after.conditions.every(isOld) ? null : "a condition is there that was not";
}

function madeOne(before: ViewPart, after: ViewPart): string | null {
  if (after.distinct !== null && (before.distinct === null || !isSameText(after.distinct, before.distinct))) {
    return "DISTINCT makes one row of those that are alike";
  }
  const { grouped } = after;
  const kept =
    grouped === null || before.grouped?.every((text) => grouped.some((one) => isSameText(one, text))) === true;
  return kept ? null : "GROUP BY, or an aggregate, makes one row of several";
}

/** What is counted over all rows. */
function countLost(before: ViewShape, after: ViewShape): (string | null)[] {
  const [old, now] = [before, after].map(({ limit, offset }) => ({
    most: Number(limit ?? Infinity),
    skipped: Number(offset ?? 0),
  }));
  if (old === undefined || now === undefined) return [];
  const isLess = after.limit !== before.limit && after.limit !== null && !(now.most >= old.most);
  const isLater = after.offset !== before.offset && after.offset !== null && !(now.skipped <= old.skipped);
  const alike = after.union === "union" && before.union !== "union" && before.parts[0]?.distinct === null;
  return [
    isLess ? "LIMIT leaves out what is behind" : null,
    isLater ? "OFFSET leaves out what is in front" : null,
    alike ? "UNION without ALL makes one row of those that are alike" : null,
  ];
}

function writesLost(before: ViewShape, after: ViewShape): string | null {
  const all = before.takes.filter((write) => !after.takes.includes(write));
  // What columns INSERT needs is only known of the side that names the table as the files do.
  const lost = isNamedAlike(before, after) ? all : all.filter((write) => write !== "insert" || all.length > 1);
  return lost.length === 0 ? null : `${listed(lost)} of it fail`;
}

const isNamedAlike = (before: ViewShape, after: ViewShape): boolean =>
  before.parts[0]?.tables[0]?.schema === after.parts[0]?.tables[0]?.schema;

function listed(writes: readonly ViewWrite[]): string {
  const names = writes.map((write) => `${write.toUpperCase()}s`);
  return [names.slice(0, -1).join(", "), names.at(-1)].filter((text) => text !== "").join(" and ");
}

/** `t→a`, and nothing more. */
const isColumn = (text: string | undefined): boolean => text !== undefined && /^[^→(\s]*→[^→\s()]+$/u.test(text);

function columnLost(before: SeenView, after: SeenView): string | null {
  const [old, now] = [before, after].map(({ shape }) => shape.parts[0]?.shown ?? []);
  const writable = before.shape.takes.includes("update") && after.shape.takes.includes("update");
  const names = after.columns?.map((name) => name?.toLowerCase());
  const lost = before.columns?.find((name, at) => {
    const place = name === null ? -1 : (names?.indexOf(name.toLowerCase()) ?? -1);
    return place >= 0 && isColumn(old?.[at]) && !isColumn(now?.[place]);
  });
  return writable && typeof lost === "string" ? `writes of its column ${lost}, which is computed now, fail` : null;
}

const STRICTNESS = { none: 0, local: 1, cascaded: 2 } as const;

function checkGained(before: ViewShape, after: ViewShape): string | null {
  const [old, now] = [STRICTNESS[before.check ?? "none"], STRICTNESS[after.check ?? "none"]];
  const writes = after.takes.filter((write) => write !== "delete" && before.takes.includes(write));
  const hides = after.parts.some(({ conditions }) => conditions.length > 0);
  return now > old && hides && writes.length > 0 ? `${listed(writes)} of rows that it would not show fail` : null;
}
