import type { Partitioning } from "../../../model/detail/partition.js";
import type { TableOption } from "../../../model/detail/table.js";
import type { ColumnDefinition, CreateTable, TableConstraint } from "../../../model/operation.js";
import type { Span } from "../../../model/span.js";
import { columnsIn } from "./column-mentions.js";
import { accept, acceptOneOf, atEnd, type Cursor, expect, expectEnd, fail, looksAt } from "./cursor.js";
import { readRelation } from "./names.js";
import { readPartitionBy } from "./partition/partitioning.js";
import { readQueryExpression } from "./query/query.js";
import { distinct } from "./query/table.js";
import { takenColumns } from "./statement/view/taken-columns.js";
import { readElementList, readTableElement, type TableElement } from "./table-element.js";
import { beginsQuery, readTableOption, seesQuery } from "./table-option.js";
import { textFrom } from "./token-text.js";

/** A table element with its text. */
interface Written {
  readonly element: TableElement;
  readonly text: string;
}

type Shape = Omit<CreateTable, "kind" | "span" | "relation" | "ifNotExists" | "temporary">;

/** `CREATE [TEMPORARY] TABLE`, from behind TABLE to the end of the statement. @throws Unreadable */
export function readCreateTable(cursor: Cursor, temporary: boolean, span: Span): CreateTable {
  const ifNotExists = accept(cursor, "IF", "NOT", "EXISTS");
  const relation = readRelation(cursor);
  const shape = readLike(cursor) ?? readShape(cursor);
  expectEnd(cursor);
  return Object.freeze({ kind: "create-table", span, relation, ifNotExists, temporary, ...shape });
}

/** `LIKE other` and `(LIKE other)`. */
function readLike(cursor: Cursor): Shape | null {
  const bracket = looksAt(cursor, "(") && looksAt(cursor, "LIKE", 1);
  if (!bracket && !looksAt(cursor, "LIKE")) return null;
  cursor.index += bracket ? 2 : 1;
  const sources = Object.freeze([readRelation(cursor, "the name of the table to copy")]);
  if (bracket) expect(cursor, ")");
  return {
    columns: Object.freeze([]),
    constraints: Object.freeze([]),
    form: "like",
    copiesAll: true,
    partitioned: false,
    sources,
  };
}

function readShape(cursor: Cursor): Shape {
  const listed = looksAt(cursor, "(") && !beginsQuery(cursor, 1);
  const written = listed ? readElementList(cursor, readWritten) : [];
  const options = readOptions(cursor);
  const partitioning = readPartitionBy(cursor);
  const from = cursor.index;
  const query = readQuery(cursor);
  const taken = query ? takenColumns(queryTokens(cursor, from)) : null;
  if (!listed && !query) fail(cursor, "( with the columns of the table");
  return {
    ...elementsOf(written),
    form: query ? "as" : "plain",
    ...behind(cursor, options, partitioning, query),
    ...(taken === null ? {} : { taken }),
  };
}

/** What stands behind the columns; what does not is left out. */
function behind(
  cursor: Cursor,
  options: readonly TableOption[],
  partitioning: Partitioning | null,
  query: boolean,
): Pick<Shape, "partitioned" | "options" | "partitioning" | "sources" | "found" | "withData"> {
  return {
    partitioned: partitioning !== null,
    ...(options.length > 0 ? { options } : {}),
    ...(partitioning === null ? {} : { partitioning }),
    ...(query
      ? { sources: distinct(cursor.read), ...lookedUp(cursor), ...(endsInNone(cursor) && { withData: false }) }
      : {}),
  };
}

/** A table that is joined has no condition of its own. */
function lookedUp({ read, lookups }: Cursor): Pick<Shape, "found"> {
  return read.length === lookups.length ? { found: Object.freeze([...lookups]) } : {};
}

/** `LIMIT 0` behind all that it is a limit of: the servers read nothing then. */
function endsInNone({ tokens }: Cursor): boolean {
  const [limit, none] = tokens.slice(-2);
  return limit?.upper === "LIMIT" && none?.text === "0" && !tokens.some(({ upper }) => COMBINES.has(upper));
}

/** What makes of a LIMIT one of a part of the query, perhaps. */
const COMBINES: ReadonlySet<string> = new Set(["UNION", "EXCEPT", "INTERSECT", "MINUS"]);

function readWritten(cursor: Cursor): Written {
  const start = cursor.index;
  const element = readTableElement(cursor);
  return { element, text: textFrom(cursor, start) };
}

/** Between options there may be commas, but none behind the last one. */
function readOptions(cursor: Cursor): readonly TableOption[] {
  const options: TableOption[] = [];
  for (let comma = false; comma || (!atEnd(cursor) && !seesQuery(cursor)); comma = accept(cursor, ",")) {
    const option = readTableOption(cursor);
    if (option === null && comma) fail(cursor, "an option of the table");
    if (option === null) break;
    options.push(option);
  }
  return Object.freeze(options);
}

/** `[IGNORE | REPLACE] [AS] query`. */
function readQuery(cursor: Cursor): boolean {
  if (atEnd(cursor)) return false;
  acceptOneOf(cursor, ["IGNORE", "REPLACE"]);
  accept(cursor, "AS");
  if (!beginsQuery(cursor, 0)) fail(cursor, "an option of the table, or a query");
  readQueryExpression(cursor);
  return true;
}

/** The query behind IGNORE, REPLACE and AS. */
function queryTokens({ tokens, index }: Cursor, from: number): Cursor["tokens"] {
  const words = tokens.slice(from, index);
  const at = words.findIndex(({ upper }) => upper !== "IGNORE" && upper !== "REPLACE" && upper !== "AS");
  return words.slice(Math.max(0, at));
}

function elementsOf(written: readonly Written[]): Pick<Shape, "columns" | "constraints"> {
  const columns = written.flatMap(({ element }) => (element.kind === "column" ? [element.column] : []));
  const names = new Map(columns.map(({ name }) => [name.toLowerCase(), name]));
  let before = 0;
  const constraints = written.flatMap((each) => {
    if (each.element.kind === "column") before += 1;
    return constraintOf(each, names).map((c) => placed(c, before, columns.length));
  });
  return { columns: Object.freeze<ColumnDefinition[]>(columns), constraints: Object.freeze(constraints) };
}

/** Where a CHECK without a name stands: the server numbers them in the order of the text. */
function placed(constraint: TableConstraint, before: number, columns: number): TableConstraint {
  const counted = constraint.kind === "check" && constraint.name === null && before < columns;
  return counted ? Object.freeze({ ...constraint, behind: before }) : constraint;
}

function constraintOf({ element, text }: Written, names: ReadonlyMap<string, string>): TableConstraint[] {
  if (element.kind === "constraint") {
    const { constraint, expressions } = element;
    const columns = withMentioned(constraint.columns, columnsIn(expressions, names));
    return [Object.freeze({ ...constraint, columns })];
  }
  if (element.kind !== "index") return [];
  const { name, keys, expressions } = element.index;
  const direct = keys.flatMap((key) => (key.column === null ? [] : [key.column]));
  const columns = withMentioned(direct, columnsIn(expressions, names));
  return [Object.freeze({ kind: element.unique ? "unique" : "index", name, columns, references: null, text })];
}

function withMentioned(direct: readonly string[], mentioned: readonly string[]): readonly string[] {
  return Object.freeze([...direct, ...mentioned.filter((name) => !direct.includes(name))]);
}
