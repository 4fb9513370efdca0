import { type Engine, sameRelation } from "../engines/engine.js";
import type { TextDialect } from "../history/text.js";
import { placesOf } from "../history/text.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { Span } from "../model/span.js";
import type { Statement } from "../model/statement.js";

/** A table, or a column of one, that gets another name. */
export interface Renaming {
  /** The table as it is called behind it. */
  readonly relation: RelationName;
  /** Null where the table itself gets another name. */
  readonly column: string | null;
  readonly from: string;
  readonly to: string;
}

/** How names are read and written. */
type Reading = Pick<Engine, "name" | "parse" | "quote" | "columnsNamed">;

/** What an operation is read as otherwise when one word of its text is another one. */
interface Difference {
  readonly keys: readonly string[];
  readonly was: unknown;
  /** The records and lists that hold it, the outermost first. */
  readonly holders: readonly object[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function differences(
  a: unknown,
  b: unknown,
  keys: readonly string[] = [],
  holders: readonly object[] = [],
): Difference[] {
  if (Object.is(a, b)) return [];
  if (!isRecord(a) || !isRecord(b)) return [{ keys, was: a, holders }];
  const all = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => key !== "span");
  return all.flatMap((key) => differences(a[key], b[key], Array.isArray(a) ? keys : [...keys, key], [...holders, a]));
}

const COLUMNS: ReadonlySet<string> = new Set(["after", "column", "columns"]);
/** They hold the definition of a column, which begins with its name. */
const DEFINITIONS: ReadonlySet<string> = new Set(["column", "definition"]);

const namesColumn = (keys: readonly string[]): boolean =>
  COLUMNS.has(keys.at(-1) ?? "") || (keys.at(-1) === "name" && DEFINITIONS.has(keys.at(-2) ?? ""));

const namesTable = (keys: readonly string[]): boolean => keys.at(-1) === "name" && keys.at(-2) === "relation";

/** What an operation calls an index, a constraint or the like; not a table, of which it may read rows. */
const OTHERS: ReadonlySet<string> = new Set(["from", "name", "to", "usingIndex"]);

const namesOther = ({ keys, holders }: Difference): boolean =>
  OTHERS.has(keys.at(-1) ?? "") && !("schema" in (holders.at(-1) ?? {}));

const relationOf = (holder: object): RelationName | null =>
  "relation" in holder ? (holder.relation as RelationName | null) : null;

const dialectOf = ({ name }: Reading): TextDialect => (name === "postgres" ? undefined : name);

/** One statement with its operations at the places of those that it stands for; null where it is read as something else. */
function reread(statement: Statement, sql: string, engine: Reading): Statement | null {
  const { statements, problems } = engine.parse(sql);
  const [read, ...others] = statements;
  if (read === undefined || others.length > 0 || problems.length > 0) return null;
  if (read.operations.length !== statement.operations.length) return null;
  const operations = read.operations.map(
    (o, n): Operation => ({ ...o, span: statement.operations[n]?.span ?? o.span }),
  );
  return { ...statement, sql: read.sql, operations };
}

const replaced = (sql: string, places: readonly Span[], text: string): string =>
  places.toReversed().reduce((all, { start, end }) => all.slice(0, start) + text + all.slice(end), sql);

/** What a word of a statement is: the name that is looked for, another one, or part of a text in which it may be either. */
function meaningOf(
  statement: Statement,
  place: Span,
  { relation, column, from, to }: Renaming,
  { engine, defaultSchema }: { readonly engine: Reading; readonly defaultSchema: string | null },
): "it" | "other" | "unclear" {
  const read = reread(statement, replaced(statement.sql, [place], engine.quote(from)), engine);
  if (read === null) return "unclear";
  const found = differences(statement.operations, read.operations);
  if (found.length === 0) return "other";
  const same = (name: unknown) =>
    name === to || (engine.name !== "postgres" && typeof name === "string" && name.toLowerCase() === to.toLowerCase());
  const ofIt = ({ holders }: Difference): boolean => {
    const table = holders
      .toReversed()
      .map(relationOf)
      .find((r) => r !== null);
    return table != null && sameRelation(table, relation, defaultSchema);
  };
  const named = found.filter(({ was }) => same(was));
  if (named.some((d) => (column === null ? namesTable(d.keys) : namesColumn(d.keys)) && ofIt(d))) return "it";
  if (named.length > 0) return named.every(namesOther) ? "other" : "unclear";
  const inText = column === null ? [] : statement.operations.flatMap((o) => engine.columnsNamed(o, statement.sql));
  return inText.some((n) => same(n.column) && sameRelation(n.relation, relation, defaultSchema)) ? "it" : "unclear";
}

/**
 * A statement as it would have been written in front of a rename, with the former name, quoted. What each word is, the parser
 * tells: by what is read otherwise where it is another one.
 *
 * @returns null where it is not certain what a word of that name means
 */
export function calledBefore(
  statement: Statement,
  renaming: Renaming,
  engine: Reading,
  defaultSchema: string | null,
): Statement | null {
  const places = placesOf(statement.sql, renaming.to, dialectOf(engine));
  const meanings = places.map((place) => meaningOf(statement, place, renaming, { engine, defaultSchema }));
  if (meanings.includes("unclear")) return null;
  const own = places.filter((_, n) => meanings[n] === "it");
  return own.length === 0
    ? statement
    : reread(statement, replaced(statement.sql, own, engine.quote(renaming.from)), engine);
}
