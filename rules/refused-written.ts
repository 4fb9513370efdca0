import { findTable } from "../src/engines/engine.js";
import { comparedTexts } from "../src/engines/postgres/compared-texts.js";
import { columnsGiven } from "../src/engines/unfilled-column.js";
import type { Column, Table } from "../src/model/catalog.js";
import type { DataChange } from "../src/model/detail/data.js";
import { enumValues } from "./enum-values.js";
import { isLenient, type Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "settings">;

const WRITES: ReadonlySet<string> = new Set(["insert", "replace", "update"]);

/** Why the server refuses what an INSERT or UPDATE writes to a table that files made, whatever rows there are; null where it does not for certain. */
export function refusedWritten(asked: Asked): Missing | null {
  const change = detailOf(asked.operation, "data-change");
  const [relation, another] = change?.writes ?? [];
  if (change === null || relation === undefined || another !== undefined) return null;
  const table = findTable(asked.catalog, relation);
  if (table === null || table.columns.length === 0) return null;
  if (WRITES.has(change.verb)) {
    const refused = miscounted(change, table, asked) ?? refusedColumn(change, table, asked);
    if (refused !== null) return refused;
  }
  return asked.engine.name === "postgres" ? unknownLabel(change, table, asked) : null;
}

/** More or fewer values than columns. */
function miscounted({ uneven, columns, given }: DataChange, table: Table, { engine }: Asked): Missing | null {
  const code = engine.name === "postgres" ? 42601 : 1136;
  const help = "Write a value for each column, and no more.";
  if (uneven !== undefined)
    return { what: `${uneven.columns} columns are named, and a row has ${uneven.values} values (${code})`, help };
  const width = columns.length > 0 ? 0 : (given?.width ?? 0);
  const isFitting = engine.name === "postgres" ? width <= table.columns.length : width === table.columns.length;
  // Which columns are left out then is not told.
  const hides = table.columns.some(({ settings }) => settings.includes("INVISIBLE"));
  if (width === 0 || isFitting || hides) return null;
  const name = engine.quoteRelation(table.relation);
  return { what: `a row has ${width} values, and ${name} has ${table.columns.length} columns (${code})`, help };
}

/** A rule may write something else; a joined UPDATE of MySQL's may write another table. */
const isPlain = (change: DataChange, { dependents }: Table, own: boolean): boolean =>
  !dependents.some(({ kind }) => kind === "rule") && (own || change.verb !== "update" || change.reads.length === 0);

/** A value for a column that the server computes, or counts by itself. */
function refusedColumn(change: DataChange, table: Table, asked: Asked): Missing | null {
  const { engine } = asked;
  const own = engine.name === "postgres";
  if (!isPlain(change, table, own) || (!own && isLenient(asked))) return null;
  // MariaDB only warns where rows may be left out, and takes NULL.
  if (engine.name === "mariadb" && (change.conflict === "ignore" || change.conflict === "update")) return null;
  const { defaults = [], nulls = [] } = change.given ?? {};
  const left = engine.name === "mariadb" ? [...defaults, ...nulls] : defaults;
  const written = (columnsGiven(table, change, own) ?? []).filter((_, at) => !left.includes(at));
  const computed = written.find((column) => column !== undefined && column.generated !== null);
  const name = (column: Column) => `${engine.quote(column.name)} of ${engine.quoteRelation(table.relation)}`;
  if (computed !== undefined) {
    const code = own ? "428C9" : engine.name === "mysql" ? "3105" : "1906";
    return {
      what: `${name(computed)} is computed from other columns, and is given a value (${code})`,
      help: "Leave the column out.",
    };
  }
  const counted = written.find((column) => column?.identity === "always");
  if (counted === undefined || change.overriding === true) return null;
  const help =
    change.verb === "update"
      ? "Leave the column out: it can only be set to DEFAULT."
      : "Leave the column out; or write OVERRIDING SYSTEM VALUE in front of VALUES, and restart the sequence behind those numbers: ALTER TABLE ... ALTER COLUMN ... RESTART WITH ....";
  return { what: `${name(counted)} is GENERATED ALWAYS, and is given a value (428C9)`, help };
}

/** A text that is no value of a column's enum: in a row, or in a condition. */
function unknownLabel(change: DataChange, table: Table, asked: Asked): Missing | null {
  const given = WRITES.has(change.verb) ? columnsGiven(table, change, true) : null;
  for (const { at, values } of change.texts ?? []) {
    const refused = unknownTo(given?.[at], values, asked);
    if (refused !== null) return refused;
  }
  // A subquery may have columns of the same names.
  if (change.reads.length > 0 || (change.where ?? null) === null) return null;
  for (const { column: name, text } of comparedTexts(change.where ?? "")) {
    const column = table.columns.find((one) => one.name === name);
    const refused = unknownTo(column, [text], asked);
    if (refused !== null) return refused;
  }
  return null;
}

function unknownTo(column: Column | undefined, texts: readonly string[], { catalog }: Asked): Missing | null {
  const labels = column === undefined || texts.length === 0 ? null : enumValues(column.type, catalog);
  const unknown = labels === null ? undefined : texts.find((text) => !labels.includes(text));
  if (column === undefined || unknown === undefined) return null;
  return {
    what: `'${unknown}' is no value of ${column.type} (22P02)`,
    help: "Correct the value; or add it in a migration before: ALTER TYPE ... ADD VALUE ....",
  };
}
