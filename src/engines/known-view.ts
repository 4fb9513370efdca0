import type { Table } from "../model/catalog.js";
import type { CreateObject } from "../model/detail/object.js";
import type { ViewPart, ViewShape, ViewWrite } from "../model/detail/view-shape.js";
import type { RelationName } from "../model/name.js";

/** A view that files made, as far as they tell. */
export interface KnownView {
  readonly name: RelationName;
  /** The keys of the tables that it reads. */
  readonly reads: readonly string[];
  /** The names of its columns, in order: null for one that is not told, or as a whole. */
  readonly columns: readonly (string | null)[] | null;
  /** The same of one that shows all columns of one of several tables, as they were when it was made (PostgreSQL); null for any other. */
  readonly starred: readonly (string | null)[] | null;
  readonly materialized: boolean;
  /** Of those columns, in order, their types as written; null for one that is not told, or as a whole. */
  readonly types: readonly (string | null)[] | null;
  /** The names of the unique indexes that REFRESH ... CONCURRENTLY can go by (PostgreSQL). */
  readonly keys: readonly string[];
  /** The functions that its query calls (PostgreSQL). */
  readonly calls: readonly RelationName[];
  /** Its options that are on: `security_invoker` (PostgreSQL), `sql_security_invoker` (MySQL, MariaDB). */
  readonly options: readonly string[];
  /** What its query lets through, with the columns of `*` one by one; null where that is not told. */
  readonly shape: ViewShape | null;
  /** Files have made a trigger or a rule on it that writes in its place (PostgreSQL). */
  readonly insteadOf: boolean;
  /** What the files give on it, a privilege and a role each: `SELECT app` (PostgreSQL). */
  readonly rights: readonly string[];
}

/** The tables and views that a view reads. */
export const tablesRead = ({ reads }: Pick<KnownView, "reads">): readonly RelationName[] =>
  reads.map((key) => {
    const [schema = "", name = ""] = key.split("\0");
    return { schema: schema === "" ? null : schema, name };
  });

/**
 * The names of a view's columns, in order; null for one that cannot be told. Null as a whole where not even their number is
 * known: `*` of a table that no file made.
 */
export function outputsOf(
  { outputs, reads }: Pick<CreateObject, "outputs" | "reads">,
  tableOf: (relation: RelationName) => Table | null,
): readonly (string | null)[] | null {
  if (outputs === undefined) return null;
  if (!outputs.includes("*")) return outputs;
  const [only, another] = reads;
  const table = only === undefined || another !== undefined ? null : tableOf(only);
  return table === null
    ? null
    : outputs.flatMap((name): (string | null)[] => (name === "*" ? shownColumns(table) : [name]));
}

/** The names of the columns of a view that shows all of one of several tables (PostgreSQL); null for any other, and where a table is not told. */
export function starredOf(
  { starred }: Pick<CreateObject, "starred">,
  tableOf: (relation: RelationName) => Table | null,
): readonly (string | null)[] | null {
  const each = (starred ?? []).map((part) => {
    if (part === null || typeof part === "string") return [part];
    const columns = tableOf(part)?.columns ?? [];
    return columns.length === 0 ? null : columns.map(({ name }) => name);
  });
  return starred === undefined || each.includes(null) ? null : each.flatMap((names) => names ?? []);
}

/** What `*` means: MySQL's and MariaDB's invisible columns are not among it. */
const shownColumns = ({ columns }: Table): string[] =>
  columns.filter(({ settings }) => !settings.includes("INVISIBLE")).map(({ name }) => name);

/**
 * The first column of a view that is there before and not behind, where the columns of both are known; else null. MySQL and
 * MariaDB do not tell case apart, and take any others with OR REPLACE.
 */
export function columnTakenAway(
  before: readonly (string | null)[] | null,
  after: readonly (string | null)[] | null,
): string | null {
  const left = new Set(after?.map((name) => name?.toLowerCase()));
  const gone = (name: string | null) => name !== null && !left.has(name.toLowerCase());
  return after === null ? null : (before?.find(gone) ?? null);
}

/** The types of a view's columns, as far as they are written in the view or in the table that it reads. */
export function outputTypesOf(
  { outputs, outputTypes, reads }: Pick<CreateObject, "outputs" | "outputTypes" | "reads">,
  tableOf: (relation: RelationName) => Table | null,
): readonly (string | null)[] | null {
  if (outputs === undefined || outputTypes === undefined || outputs.includes("*")) return null;
  const [only, another] = reads;
  const table = only === undefined || another !== undefined ? null : tableOf(only);
  const typeOf = (column: string) => table?.columns.find((c) => c.name === column)?.type ?? null;
  return outputTypes.map((type) => (type === null || typeof type === "string" ? type : typeOf(type.column)));
}

/** What is known of relations: of a view none is known as a table, and of a table none as a view. */
export interface KnownRelations {
  readonly defaultSchema: string | null;
  table(relation: RelationName): Table | null;
  view(relation: RelationName): KnownView | null;
}

/** What a view lets through, with the columns of `*` one by one. What it reads does not take, it does not take. */
export function shapeOf(
  detail: Pick<CreateObject, "outputs" | "reads" | "shape" | "object">,
  known: KnownRelations,
): ViewShape | null {
  const { shape, object } = detail;
  if (shape === undefined) return null;
  const [first, ...others] = shape.parts;
  const under = shape.parts.flatMap(({ tables }) => tables.map((relation) => known.view(relation)));
  const taken = (write: ViewWrite) =>
    object === "view" &&
    (write !== "insert" || !isRowShort(first, known)) &&
    under.every((view) => view === null || view.insteadOf || view.shape?.takes.includes(write) !== false);
  const shown = first?.shown.flatMap((text) => (text.endsWith("→*") ? allOf(text, detail, known) : [text])) ?? [];
  const qualified = ({ schema, name }: RelationName) => Object.freeze({ schema: schema ?? known.defaultSchema, name });
  const all = first === undefined ? [] : [{ ...first, shown }, ...others];
  const parts = all.map((part) => Object.freeze({ ...part, tables: Object.freeze(part.tables.map(qualified)) }));
  return Object.freeze({ ...shape, parts: Object.freeze(parts), takes: shape.takes.filter(taken) });
}

/** With its check_option on, which is taken for the stricter one where it was off, or off. */
export function checkedBy(shape: ViewShape, on: boolean): ViewShape {
  return Object.freeze({ ...shape, check: on ? (shape.check ?? "cascaded") : null });
}

/** A column that every row needs, and no row gets by itself, is not shown: no INSERT through the view succeeds. */
function isRowShort(part: ViewPart | undefined, known: KnownRelations): boolean {
  const [only] = part?.tables ?? [];
  const columns = only === undefined ? [] : (known.table(only)?.columns ?? []);
  const shown = new Set(part?.shown.map((text) => text.slice(text.indexOf("→") + 1).toLowerCase()));
  const needed = columns.filter(
    (c) => c.notNull && c.default === null && c.generated === null && c.identity === null && !c.autoIncrement,
  );
  return !shown.has("*") && needed.some(({ name }) => !shown.has(name.toLowerCase()));
}

/** The columns of the only table that is read, each as it is written by itself. */
function allOf(text: string, { reads }: Pick<CreateObject, "reads">, known: KnownRelations): readonly string[] {
  const [only, another] = reads;
  const table = only === undefined || another !== undefined ? null : known.table(only);
  return table === null ? [text] : shownColumns(table).map((name) => `${text.slice(0, -1)}${name}`);
}
