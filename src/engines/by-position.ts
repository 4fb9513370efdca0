import type { Catalog } from "../model/catalog.js";
import type { CodeOperation } from "../model/detail/code.js";
import type { DataChange, GivenPart } from "../model/detail/data.js";
import type { RoutineShape } from "../model/detail/object.js";
import { type RelationName, show } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import { type Columns, columnsAfter, columnsOf, grownBy } from "./columns-after.js";
import { called, fired, isTriggers, type LeftBehind, ownersOf, type StoredCode } from "./stored-code.js";
import { storedCode } from "./table-lookup.js";

/** Code that files have stored, and that fails or writes other columns behind a change, as it gives columns by their places. */
export interface Misplaced extends LeftBehind {
  readonly code: StoredCode;
  /** What becomes of it: `gives h 3 values for 2 columns`. */
  readonly how: string;
  /** The table that it writes; null where it gives rows back. */
  readonly into: RelationName | null;
  /** It was taken that a table has no more columns than it is given: no file tells. */
  readonly assumed: boolean;
}

/** A statement of code, as far as places matter. */
interface Placing {
  readonly gives: readonly GivenPart[];
  /** The columns that it names, the table whose columns it takes without naming them, or how many a routine says that it gives. */
  readonly takes: { readonly named: readonly string[] } | { readonly all: RelationName } | { readonly returns: number };
  readonly into: RelationName | null;
  /** Fewer values than columns will do: PostgreSQL's INSERT that names none. */
  readonly fewer: boolean;
}

/** What files have stored that some changes of columns break. @param operations of one statement, or of several that others see at once */
export function misplacedBy(operations: readonly Operation[], catalog: Catalog): readonly Misplaced[] {
  const all = storedCode(catalog).filter(({ code }) => code.settled !== true);
  return all.flatMap((code) => {
    const placings = code.code.operations.flatMap((entry) => placingsOf(entry, code, catalog));
    if (placings.length === 0) return [];
    const runs = isTriggers(code)
      ? ownersOf(code, catalog).map((owner) => ({ row: owner.relation, left: fired(owner) }))
      : [{ row: null, left: called(code) }];
    return runs.flatMap(({ row, left }) => {
      const side = { operations, catalog, row, rows: code.code.rows ?? {} };
      const [first] = placings.flatMap((placing) => misfit(placing, side) ?? []);
      return first === undefined ? [] : [{ ...left, code, ...first }];
    });
  });
}

function placingsOf({ operation, result }: CodeOperation, code: StoredCode, catalog: Catalog): Placing[] {
  const change = operation.kind === "other" && operation.detail?.kind === "data-change" ? operation.detail : null;
  const takes = result === undefined || code.routine === undefined ? null : returnsOf(code.routine);
  const back = result === undefined || takes === null ? [] : [{ gives: result, takes, into: null, fewer: false }];
  return [...(change === null ? [] : writtenBy(change, catalog)), ...back];
}

function writtenBy(change: DataChange, { dialect }: Catalog): Placing[] {
  const { verb, columns, given, source } = change;
  const [into] = change.writes;
  if ((verb !== "insert" && verb !== "replace") || into === undefined) return [];
  const width = source === "rows" && columns.length === 0 ? (given?.width ?? 0) : 0;
  const gives = change.gives ?? Array.from({ length: width }, () => "value" as const);
  if (gives.length === 0) return [];
  const takes = columns.length > 0 ? { named: columns } : { all: into };
  return [{ gives, takes, into, fewer: dialect === undefined && columns.length === 0 }];
}

/** The columns of RETURNS TABLE and of OUT parameters, or of a table whose rows are given back; null for a value. */
function returnsOf({ returns, returnsType }: RoutineShape): Placing["takes"] | null {
  const named = returns.split(", ").filter((type) => type.replace(/^setof /, "").includes(" "));
  if (named.length > 0) return { returns: named.length };
  return returnsType === undefined || returns.includes(", ") ? null : { all: returnsType };
}

interface Side {
  readonly operations: readonly Operation[];
  readonly catalog: Catalog;
  /** The table that a trigger is on. */
  readonly row: RelationName | null;
  readonly rows: Readonly<Record<string, RelationName>>;
}

type Misfit = Pick<Misplaced, "how" | "into" | "assumed">;

/** What becomes of a statement that has worked until now; null where it goes on as before. */
function misfit(placing: Placing, side: Side): Misfit | null {
  const { into, fewer } = placing;
  const tables = placing.gives.map((part) => tableOf(part, side));
  if (tables.includes(undefined)) return null;
  const [before, after] = [placesOf(placing, tables, side, false), placesOf(placing, tables, side, true)];
  if (before === null || after === null) {
    const grown = tables.reduce((sum, table) => sum + grownIn(table ?? null, side), 0);
    const taken = "all" in placing.takes ? grownIn(placing.takes.all, side) : 0;
    if (fewer ? grown <= taken : grown === taken) return null;
    return { how: `${gives(into)} another number of values than columns`, into, assumed: fewer };
  }
  const fits = ({ given, taken }: Places) => given.length === taken.length || (fewer && given.length < taken.length);
  if (!fits(before)) return null;
  if (!fits(after)) {
    const how = `${gives(into)} ${after.given.length} values for ${after.taken.length} columns`;
    return { how, into, assumed: false };
  }
  if (into === null || !isMoved(before, after)) return null;
  return { how: `${gives(into)} its values in other columns than before`, into, assumed: false };
}

const gives = (into: RelationName | null): string => (into === null ? "gives back" : `gives ${show(into)}`);

/** The table whose columns a part is; null for a single value, undefined where it is not told. */
function tableOf(part: GivenPart, { row, rows }: Side): RelationName | null | undefined {
  if (part === "value" || part === "null") return null;
  if (part === "row") return row ?? undefined;
  return "variable" in part ? rows[part.variable] : part;
}

function grownIn(table: RelationName | null, { operations, catalog }: Side): number {
  return table === null ? 0 : grownBy(operations, table, catalog);
}

/** What is given, by names that stay the same, and the columns that take it, in their order. */
interface Places {
  readonly given: readonly string[];
  readonly taken: readonly string[];
}

function placesOf(
  { takes }: Placing,
  tables: readonly (RelationName | null | undefined)[],
  { operations, catalog }: Side,
  behind: boolean,
): Places | null {
  const columns = (relation: RelationName): Columns | null =>
    behind ? columnsAfter(operations, relation, catalog) : columnsOf(relation, catalog);
  const given: string[] = [];
  for (const [at, table] of tables.entries()) {
    const own = table === null || table === undefined ? [""] : columns(table);
    if (own === null) return null;
    given.push(...own.map((name) => `${at}.${name}`));
  }
  if ("named" in takes) return { given, taken: takes.named };
  const taken =
    "all" in takes ? columns(takes.all) : Array.from({ length: takes.returns }, (_, at) => `column ${at + 1}`);
  return taken === null ? null : { given, taken };
}

/** Something gets into another column, or a column gets something else. */
function isMoved(before: Places, after: Places): boolean {
  return after.given.some((name, at) => {
    const [was, column] = [before.given.indexOf(name), after.taken[at] ?? ""];
    if (was >= 0) return before.taken[was] !== column;
    const held = before.taken.indexOf(column);
    return held >= 0 && held < before.given.length;
  });
}
