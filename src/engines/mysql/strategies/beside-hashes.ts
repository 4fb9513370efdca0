import type { Catalog, Index, Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { Operation } from "../../../model/operation.js";
import { findTable, type Phased, Refusal } from "../../engine.js";
import { sizeOf } from "../../table-size.js";
import { hashedIndexes } from "../effects/index-facts.js";
import { alteringBeside, keptByHashes } from "../keeps-columns.js";
import type { MysqlContext } from "./algorithms.js";
import { sameName } from "./own-index.js";

type Plan = (context: MysqlContext) => Phased;

/** The operation itself takes it away, which the server does beside readers and writers. */
const goes = (operation: Operation, { name }: Index): boolean =>
  operation.kind === "other" && operation.detail?.kind === "drop-index" && sameName(operation.detail.index.name, name);

const without = (catalog: Catalog, table: Table, keys: readonly Index[]): Catalog => ({
  ...catalog,
  tables: catalog.tables.map((t) => (t === table ? { ...t, indexes: t.indexes.filter((i) => !keys.includes(i)) } : t)),
});

/** One key can be dropped beside writers; of two, the server drops neither (measured on 10.11). */
function wayOut([key, another]: readonly Index[]): string {
  if (key === undefined || another !== undefined) return "Use pt-online-schema-change for this table.";
  return `Drop ${key.name} in an earlier migration, and put a UNIQUE index of at most 3072 bytes in its place where one is needed: over the beginnings of its columns, or over a STORED column with a hash of them. Or use pt-online-schema-change for this table.`;
}

function namesOf(table: Table, keys: readonly Index[]): string {
  const names = keys.map((i) => i.name).join(", ");
  return `the UNIQUE key${keys.length > 1 ? "s" : ""} ${names}, of which MariaDB keeps hashes${assumed(table, keys)}`;
}

/** A file may say nothing of the letters: see `isTooLong`. */
function assumed({ columns, characterSet, collation }: Table, keys: readonly Index[]): string {
  if (characterSet != null || collation != null) return "";
  const letters = columns.filter((c) => keys.some((k) => k.columns.includes(c.name)) && /char/i.test(c.type));
  const unsaid = letters.some((c) => c.characterSet === null && c.collation === null);
  return unsaid ? " (four bytes a letter: the files name no character set)" : "";
}

function refusal(table: Table, keys: readonly Index[]): Refusal {
  return new Refusal(
    `${show(table.relation)} (${sizeOf(table)}) has ${namesOf(table, keys)}, since the whole is over a TEXT or BLOB, over more than 3072 bytes, or USING HASH: beside it the server changes nothing of the table without copying it while writes wait (error 1846).`,
    wayOut(keys),
  );
}

/** The refusal of the operation itself, which would not be one without the keys. */
function named(own: Refusal, table: Table, keys: readonly Index[]): Refusal {
  return new Refusal(
    `${own.message} ${show(table.relation)} has ${namesOf(table, keys)}: beside it every change is a copy.`,
    `${own.help} ${wayOut(hashedIndexes(table, "mariadb"))}`,
    own.claims,
  );
}

/** What a statement would refuse to be without a copy, and by which the server may copy: nobody knows the table yet. */
const ASSERTED = /, ALGORITHM=(?:INSTANT|INPLACE)(?:, LOCK=NONE)?(?=$|', 'DO 0'\)$)/;

function byCopy(phased: Phased, table: Table): Phased {
  const bare = (statements: readonly string[]) => {
    const own = new Set(alteringBeside(table, statements));
    return statements.map((sql) => (own.has(sql) ? sql.replace(ASSERTED, "") : sql));
  };
  return { ...phased, steps: phased.steps.map((s) => ({ ...s, sql: bare(s.sql), undo: bare(s.undo) })) };
}

/** The refusal of the operation, which names the keys where they are its cause. */
function refusedBy(error: unknown, alone: () => Phased, table: Table, keys: readonly Index[]): unknown {
  if (!(error instanceof Refusal)) return error;
  try {
    alone();
  } catch {
    return error;
  }
  return named(error, table, keys);
}

/**
 * Plans a change of a table that has a UNIQUE key of hashes (MariaDB): everything is a copy there, RENAME COLUMN as much as a
 * comment, except that the only such key goes, and that the table is renamed (measured on 10.11, errors 1845 and 1846).
 *
 * @param plan how the change is planned otherwise
 * @throws Refusal which names the key, where a step would alter the table beside its writers
 */
export function besideHashes(operation: Operation, context: MysqlContext, plan: Plan): Phased {
  const table = operation.relation === null ? null : findTable(context.catalog, operation.relation);
  const keys = hashedIndexes(table, context.dialect);
  if (table === null || keys.length === 0) return plan(context);
  if (context.newTable) return byCopy(plan(context), table);
  const staying = keys.filter((i) => !goes(operation, i));
  const phased = (() => {
    try {
      return plan(context);
    } catch (error) {
      const alone = () => plan({ ...context, catalog: without(context.catalog, table, staying) });
      throw staying.length === 0 ? error : refusedBy(error, alone, table, staying);
    }
  })();
  const statements = phased.steps.flatMap((s) => [...s.sql, ...s.undo]);
  if (keptByHashes(table, statements, context.dialect).length > 0) throw refusal(table, keys);
  return phased;
}
