import { findTable } from "../src/engines/engine.js";
import { miscounted, unknownLabel } from "../src/engines/refused-change.js";
import { columnsGiven, mayBeFilled } from "../src/engines/unfilled-column.js";
import { unfitValue } from "../src/engines/unfit-value.js";
import type { Column, Table } from "../src/model/catalog.js";
import type { DataChange } from "../src/model/detail/data.js";
import { isLenient, type Missing } from "./missing-from-history.js";
import { codeOf, isNoValue } from "./mysql-value.js";
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
    const refused = tooManyOrFew(change, table, asked) ?? refusedColumn(change, table, asked);
    const unfit = refused ?? unfitConstant(change, table, asked);
    if (unfit !== null) return unfit;
  }
  return asked.engine.name === "postgres" ? noLabel(change, table, asked) : noValue(change, table, asked);
}

/** A text that MySQL and MariaDB take for no value of its column in a strict mode, of whatever row that is met. */
function noValue(change: DataChange, table: Table, asked: Asked): Missing | null {
  const verb = change.verb === "update" ? "update" : "insert";
  const isTold = WRITES.has(change.verb) && change.conflict !== "ignore" && !mayBeFilled(table, verb);
  if (!isTold || isLenient(asked) || !isPlain(change, table, false)) return null;
  const given = change.texts === undefined ? null : columnsGiven(table, change, false);
  for (const { at, values } of change.texts ?? []) {
    const column = given?.[at];
    const text = column === undefined ? undefined : values.find((one) => isNoValue(one, column.type));
    if (column === undefined || text === undefined) continue;
    const shown = `'${text.slice(0, SHOWN)}${text.length > SHOWN ? "..." : ""}'`;
    const name = `${asked.engine.quote(column.name)} of ${asked.engine.quoteRelation(table.relation)}`;
    const unless = verb === "update" ? ", unless it finds no row" : "";
    return {
      what: `${shown} is no value for ${name}, which is ${column.type} (${codeOf(text, column.type)})${unless}`,
      help: "Correct the value; or change the type of the column in front of it.",
    };
  }
  return null;
}

/** More or fewer values than columns. */
function tooManyOrFew(change: DataChange, table: Table, { catalog, engine }: Asked): Missing | null {
  const counts = miscounted(change, table, catalog);
  if (counts === null) return null;
  const { columns, values } = counts;
  const code = engine.name === "postgres" ? 42601 : 1136;
  const help = "Write a value for each column, and no more.";
  if (counts.named === true)
    return { what: `${columns} columns are named, and a row has ${values} values (${code})`, help };
  const name = engine.quoteRelation(table.relation);
  return { what: `a row has ${values} values, and ${name} has ${columns} columns (${code})`, help };
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

/** Letters of a text that are enough to find it. */
const SHOWN = 30;

/** A text or a number that is too long or too large for its column. */
function unfitConstant(change: DataChange, table: Table, asked: Asked): Missing | null {
  const { engine, catalog } = asked;
  const own = engine.name === "postgres";
  if (!isPlain(change, table, own) || (!own && isLenient(asked))) return null;
  const unfit = unfitValue(change, table, catalog);
  if (unfit === null) return null;
  const { column, value, why } = unfit;
  const [long, large] = own ? ["22001", "22003"] : ["1406", "1264"];
  const text = String(value).slice(0, SHOWN);
  const shown = typeof value === "number" ? text : `'${text}${value.length > SHOWN ? "..." : ""}'`;
  const name = `${engine.quote(column.name)} of ${engine.quoteRelation(table.relation)}`;
  return {
    what: `${shown} is ${why} for ${name}, which is ${column.type} (${why === "too long" ? long : large})`,
    help: "Correct the value; or change the type of the column in front of it.",
  };
}

function noLabel(change: DataChange, table: Table, { catalog }: Asked): Missing | null {
  const unknown = unknownLabel(change, table, catalog);
  if (unknown === null) return null;
  return {
    what: `'${unknown.text}' is no value of ${unknown.column.type} (22P02)`,
    help: "Correct the value; or add it in a migration before: ALTER TYPE ... ADD VALUE ....",
  };
}
