import { findTable } from "../src/engines/engine.js";
import { enumValues } from "../src/engines/enum-values.js";
import { comparedTexts } from "../src/engines/postgres/compared-texts.js";
import { unsteadyIn } from "../src/engines/postgres/effects/unsteady-index.js";
import type { Catalog } from "../src/model/catalog.js";
import type { ColumnDefinition, Operation, TableConstraint } from "../src/model/operation.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "siblings">;

/** Without what is quoted or commented: a name in quotes is no word of SQL. */
const bare = (text: string): string =>
  text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--.*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$/g, "''");

const definitionsOf = (operation: Operation): readonly ColumnDefinition[] =>
  operation.kind === "create-table" ? operation.columns : operation.kind === "add-column" ? [operation.column] : [];

function checksOf(operation: Operation): readonly TableConstraint[] {
  const all =
    operation.kind === "create-table"
      ? operation.constraints
      : [detailOf(operation, "add-constraint")?.constraint ?? []].flat();
  return all.filter(({ kind }) => kind === "check");
}

/** Expressions that are computed of one row alone, and what they are. */
function expressionsOf(operation: Operation): readonly (readonly [text: string, what: string])[] {
  const columns = definitionsOf(operation).flatMap(({ checks, default: value, generated }) => [
    ...checks.map(({ expression }) => [expression, "a CHECK"] as const),
    [value ?? "", "a DEFAULT"] as const,
    [generated?.expression ?? "", "a generated column"] as const,
  ]);
  const checks = checksOf(operation).map(({ text }) => [text, "a CHECK"] as const);
  const set = [detailOf(operation, "set-default")?.default ?? "", "a DEFAULT"] as const;
  const where = operation.kind === "create-index" ? (operation.where ?? "") : "";
  return [...columns, ...checks, set, [where, "an index"]];
}

function refusedQuery({ operation }: Asked): Missing | null {
  const found = expressionsOf(operation).find(([text]) => /select/i.test(text) && /\bselect\b/i.test(bare(text)));
  if (found === undefined) return null;
  return {
    what: `${found[1]} cannot hold a query (0A000)`,
    help: "Say it of the row alone; ask other rows by a foreign key, a unique index, or a trigger.",
  };
}

/** A text that a condition compares an enum with, and that it does not have. */
function unknownLabel({ operation, catalog }: Asked): Missing | null {
  const conditions = [
    operation.kind === "create-index" ? (operation.where ?? "") : "",
    detailOf(operation, "add-constraint")?.expression ?? "",
    ...definitionsOf(operation).flatMap(({ checks }) => checks.map((c) => c.expression)),
  ].filter((each) => each.includes("'"));
  if (conditions.length === 0) return null;
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  const columns = [...definitionsOf(operation), ...(table?.columns ?? [])];
  for (const { column, text } of conditions.flatMap(comparedTexts)) {
    const type = columns.find(({ name }) => name === column)?.type;
    const labels = type === undefined ? null : enumValues(type, catalog);
    if (labels !== null && !labels.includes(text))
      return {
        what: `'${text}' is no value of ${type} (22P02)`,
        help: "Correct the value; or add it in a migration before: ALTER TYPE ... ADD VALUE ....",
      };
  }
  return null;
}

/** What each table has without saying so, as far as a CHECK takes it. */
const SYSTEM = "tableoid";

interface Shape {
  readonly name: string;
  readonly columns: readonly string[];
}

/** The table that an operation is about, as it is where its constraints are looked at: columns are added first. */
function shapeOf({ operation, catalog, siblings }: Asked): Shape | null {
  if (operation.kind === "create-table") {
    const { relation, form, columns } = operation;
    return form === "plain" ? { name: relation.name, columns: columns.map(({ name }) => name) } : null;
  }
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (table === null || table.columns.length === 0) return null;
  const added = siblings.flatMap((o) => (o.kind === "add-column" ? o.column.name : []));
  return { name: table.relation.name, columns: [...table.columns.map(({ name }) => name), ...added] };
}

/** `t.f` may call the function f of a row. */
const isBare = (name: string, text: string): boolean =>
  new RegExp(`(?<![\\w$]|\\.\\s*"?)${name.replace(/\W/g, "\\$&")}\\b`, "i").test(text);

function missingInCheck(asked: Asked): Missing | null {
  const checks = checksOf(asked.operation);
  const shape = checks.length === 0 ? null : shapeOf(asked);
  if (shape === null) return null;
  const known = new Set([...shape.columns, shape.name, SYSTEM, "*"]);
  const gone = checks.flatMap((c) => c.columns.filter((name) => !known.has(name) && isBare(name, c.text)))[0];
  if (gone === undefined) return null;
  const { engine } = asked;
  return {
    what: `${engine.quote(shape.name)} has no column ${engine.quote(gone)}, which the CHECK asks (42703)`,
    help: "Correct the name; or add, in front of it, what is missing.",
  };
}

/** In lower case outside of quotes, and without texts. */
const folded = (expression: string): string =>
  expression.replace(/'(?:[^']|'')*'|"[^"]*"|[^'"]+/g, (part) =>
    part.startsWith('"') ? part : part.startsWith("'") ? "''" : part.toLowerCase(),
  );

/** Whether an expression names a column: not a function, a type, or the word in EXTRACT (year FROM ...). */
function names(expression: string, column: string): boolean {
  const name = column.replace(/\W/g, "\\$&");
  return new RegExp(`(?<![\\w$:]|\\bas\\s+)(?:${name}|"${name}")(?![\\w$"]|\\s*[('.]|\\s+from\\b)`).test(
    folded(expression),
  );
}

/** A generated column is computed from columns that are written. */
function generatedTwice({ operation, catalog, engine }: Asked): Missing | null {
  const own = definitionsOf(operation).filter(({ generated }) => generated !== null);
  if (own.length === 0) return null;
  const computed = [...own, ...generatedOf(operation, catalog)];
  for (const { name, generated } of own) {
    const from = computed.find((other) => names(generated?.expression ?? "", other.name));
    if (from !== undefined)
      return {
        what: `${engine.quote(name)} is computed from ${engine.quote(from.name)}, which is computed itself (42P17)`,
        help: `Write the expression of ${engine.quote(from.name)} in its place.`,
      };
  }
  return null;
}

/** A generated column is the same for the same row, whatever the session says of time zones and the like. */
function unsteadyGenerated({ operation, catalog, engine, siblings }: Asked): Missing | null {
  const computed = definitionsOf(operation).filter(({ generated }) => generated !== null);
  if (computed.length === 0) return null;
  const table = operation.kind === "add-column" ? findTable(catalog, operation.relation) : null;
  const own = [operation, ...siblings].flatMap(definitionsOf);
  const columns = [...own, ...(table?.columns ?? [])];
  for (const { name, generated } of computed) {
    const part = generated === null ? null : unsteadyIn(generated.expression, { catalog, table: { columns } });
    if (part !== null)
      return {
        what: `${engine.quote(name)} is computed by ${part}, which is not IMMUTABLE (42P17)`,
        help: "Say what it depends on: `(a AT TIME ZONE 'UTC')::date` of a timestamptz; or let a trigger write the column.",
      };
  }
  return null;
}

function generatedOf(operation: Operation, catalog: Catalog): readonly { readonly name: string }[] {
  const table = operation.kind === "add-column" ? findTable(catalog, operation.relation) : null;
  return table?.columns.filter(({ generated }) => generated !== null) ?? [];
}

/** IF NOT EXISTS of what is there looks at nothing. */
function isThere({ operation, catalog }: Asked): boolean {
  if (operation.kind !== "create-table" && operation.kind !== "add-column") return false;
  const table = operation.ifNotExists ? findTable(catalog, operation.relation) : null;
  return (
    table !== null && (operation.kind === "create-table" || table.columns.some((c) => c.name === operation.column.name))
  );
}

/** Why PostgreSQL refuses an expression that each row is asked by; null where it does not for certain. */
export function refusedExpression(asked: Asked): Missing | null {
  if (asked.engine.name !== "postgres" || isThere(asked)) return null;
  return (
    refusedQuery(asked) ??
    missingInCheck(asked) ??
    unknownLabel(asked) ??
    generatedTwice(asked) ??
    unsteadyGenerated(asked)
  );
}
