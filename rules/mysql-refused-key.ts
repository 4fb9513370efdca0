import { findTable } from "../src/engines/engine.js";
import { bytesOf, hasUnsaidLetters, MOST_BYTES } from "../src/engines/mysql/effects/key-bytes.js";
import { lettersOf } from "../src/engines/mysql/table-charset.js";
import { partitionColumns } from "../src/engines/partition-columns.js";
import type { Column, Table } from "../src/model/catalog.js";
import type { ColumnDefinition, CreateTable } from "../src/model/operation.js";
import { isOne, type Key, keysOf, partsIn } from "./keys-made.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";
import { unpartitioned } from "./without-partition-key.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "siblings">;

interface Typed {
  readonly name: string;
  readonly type: string;
}

const LONG = /^(?:tiny|medium|long)?(?:text|blob)\b|^long\b/i;

/** A text or blob has no length of its own that an index could have: MariaDB keeps hashes of one, or a prefix, but not in a primary key. */
function unmeasured(keys: readonly Key[], columns: readonly Typed[], { engine }: Asked): Missing | null {
  const asked = keys.filter(({ kind }) => engine.name === "mysql" || kind === "primary-key");
  const isLong = (name: string) => columns.some((c) => isOne(c.name, name) && LONG.test(c.type));
  const found = asked.flatMap(({ whole }) => whole).find(isLong);
  if (found === undefined) return null;
  return {
    what: `${engine.quote(found)} is a text, and a key over it needs a length (1170)`,
    help: `Write how many characters the key takes, as in (${engine.quote(found)}(100)), or give the column the type varchar.`,
  };
}

/** What keys are measured by. */
interface Measured {
  readonly columns: readonly Pick<Column, "name" | "type" | "characterSet" | "collation">[];
  readonly letters: Pick<Table, "characterSet" | "collation">;
}

/** A key of more bytes than one may have. MariaDB keeps hashes of a UNIQUE one, and the beginning of a single column. */
function tooLong(keys: readonly Key[], { columns, letters }: Measured, { engine }: Asked): Missing | null {
  const own = engine.name === "mysql";
  for (const { kind, parts } of keys) {
    if (!own && (kind === "unique" || (kind === "index" && parts.length === 1))) continue;
    const taken = parts.flatMap(({ name, prefix }) => {
      const column = columns.find((one) => isOne(one.name, name));
      return column === undefined ? [] : [{ column, bytes: bytesOf(column, prefix, letters) }];
    });
    const cut = !own && kind === "index";
    const whole = taken.reduce((sum, { bytes }) => sum + (cut ? Math.min(bytes, MOST_BYTES) : bytes), 0);
    if (!(whole > MOST_BYTES) || !taken.every(({ bytes }) => Number.isFinite(bytes))) continue;
    const called = `the key over ${parts.map(({ name }) => engine.quote(name)).join(", ")}`;
    const unsaid = taken.some(({ column }) => hasUnsaidLetters(column, letters));
    const why = unsaid ? `${whole} bytes, with the letters of utf8mb4 where no file names others` : `${whole} bytes`;
    return {
      what: `${called} takes ${why}, and a key has at most ${MOST_BYTES} (1071)`,
      help: `Write how many characters the key takes of each, as in (${engine.quote(parts[0]?.name ?? "")}(100)); or make the columns shorter.`,
    };
  }
  return null;
}

/** The keys that a column is in which is defined anew, as they are with its definition. */
function lengthened(
  table: Table,
  { operation }: Asked,
): { readonly keys: readonly Key[]; readonly measured: Measured } {
  const modified = detailOf(operation, "modify-column");
  if (modified === null) return { keys: [], measured: { columns: [], letters: table } };
  const { column, definition } = modified;
  const columns = table.columns.map((c) => (isOne(c.name, column) ? { ...definition, name: c.name } : c));
  const over = table.indexes.filter((index) => index.columns.some((name) => isOne(name, column)));
  const keys = over.map(({ unique, definition: text, columns: all }): Key => {
    const special = /\b(?:fulltext|spatial|vector)\b/i.test(text.slice(0, text.indexOf("(")));
    return { kind: unique ? "unique" : "index", columns: all, whole: [], parts: special ? [] : partsIn(text) };
  });
  return { keys, measured: { columns, letters: table } };
}

/** What counts up must be the first column of a key, and the only one that does (InnoDB). */
function uncounted(columns: readonly ColumnDefinition[], keys: readonly Key[], { engine }: Asked): Missing | null {
  const counted = columns.filter(({ autoIncrement, type }) => autoIncrement && !/^serial/i.test(type));
  const [first, second] = counted;
  const keyed = counted.find(({ name }) => !keys.some((key) => isOne(key.columns[0] ?? "", name)));
  const refused = second ?? keyed;
  if (first === undefined || refused === undefined) return null;
  const why = second === undefined ? "is not the first column of a key" : "is not the only one that does";
  return {
    what: `${engine.quote(refused.name)} counts up and ${why} (1075)`,
    help: `Make it the key: PRIMARY KEY (${engine.quote(refused.name)}).`,
  };
}

/** Another storage engine may take what InnoDB does not. */
const isInnodb = ({ options = [] }: CreateTable): boolean =>
  options.every(({ option, value }) => option !== "ENGINE" || /^innodb$/i.test(value ?? ""));

function refusedTable(table: CreateTable, asked: Asked): Missing | null {
  if (table.form !== "plain" || !isInnodb(table)) return null;
  const keys = keysOf(table);
  const counted = uncounted(table.columns, keys, asked);
  const names = table.columns.map(({ name }) => name);
  const by = table.partitioning === undefined ? [] : partitionColumns(table.partitioning, names);
  const measured = { columns: table.columns, letters: lettersOf(table.options ?? []) };
  const plain = counted ?? unpartitioned(keys, by, asked) ?? unmeasured(keys, table.columns, asked);
  return plain ?? tooLong(keys, measured, asked);
}

function refusedChange(table: Table, asked: Asked): Missing | null {
  const { operation, siblings } = asked;
  const keys = keysOf(operation);
  const counts = operation.kind === "add-column" && operation.column.autoIncrement;
  const { keys: changed, measured: anew } = lengthened(table, asked);
  if (changed.length > 0 && asked.engine.name === "mysql") return tooLong(changed, anew, asked);
  // A statement may add thousands of columns: each of them looks at the others only where it must.
  if (keys.length === 0 && !counts) return null;
  const moves = siblings.some((o) => o.kind === "other" && /partition/.test(o.detail?.kind ?? ""));
  const by = moves ? [] : (table.partitionKey ?? []);
  const added = siblings.flatMap((o) => (o.kind === "add-column" ? [o.column] : []));
  const counted = counts ? uncounted([operation.column], siblings.flatMap(keysOf), asked) : null;
  const columns = [...table.columns, ...added];
  const plain = counted ?? unpartitioned(keys, by, asked) ?? unmeasured(keys, columns, asked);
  return plain ?? tooLong(keys, { columns, letters: table }, asked);
}

/** Why MySQL or MariaDB refuses a key or index, whatever rows there are; null where it does not for certain. */
export function refusedKey(asked: Asked): Missing | null {
  const { operation, catalog, engine } = asked;
  if (engine.name === "postgres") return null;
  if (operation.kind === "create-table")
    return operation.ifNotExists && findTable(catalog, operation.relation) !== null
      ? null
      : refusedTable(operation, asked);
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (table === null || table.columns.length === 0 || /^(?!innodb)/i.test(table.engine ?? "innodb")) return null;
  return refusedChange(table, asked);
}
