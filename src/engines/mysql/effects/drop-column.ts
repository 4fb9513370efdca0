import type { Index, Table } from "../../../model/catalog.js";
import type { Breakage, Effect, Need } from "../../../model/effect.js";
import type { DropColumn } from "../../../model/operation.js";
import { refusedFor } from "../../effect.js";
import { findTable } from "../../engine.js";
import { altered, type Change } from "./change.js";
import {
  expressionsOver,
  functionalIndexes,
  has,
  hasIndexedVirtualColumn,
  hasVirtualColumn,
  indexesOver,
  sameColumn,
} from "./facts.js";
import { leftBehind } from "./left-behind.js";
import { codeBreaks, unknownCode } from "./notes.js";
import { addsInstantly, dropsInstantly, type Server } from "./server.js";
import { COPY, dearest, INSTANT, INSTANT_ROWS, METADATA, REBUILD, type Way } from "./ways.js";

/** DROP COLUMN: a change of the catalog, unless an index is over the column. */
export function dropColumnChange(operation: DropColumn, server: Server): Change {
  const { relation, column } = operation;
  const table = findTable(server.catalog, relation);
  if (operation.ifExists && table?.columns.some((c) => sameColumn(c.name, column)) === false) {
    return altered(relation, INSTANT);
  }
  const left = [...codeBreaks(table, column), ...leftBehind({ kind: "column", relation, column }, server.catalog)];
  const said = {
    breaks: [gone(column), ...left],
    ...(table === null ? {} : failure(table, column, server)),
    destroys: true,
    assumes: [
      ...(left.length > 0 ? [] : unknownCode(server, table, column)),
      ...(table === null ? [`${column} is taken for a column of an index: the table is not known`] : []),
    ],
  };
  const virtual = table !== null && isVirtual(table, column);
  return altered(relation, wayOf(table, column, server), said, virtual ? "drop-virtual" : "drop", column);
}

function wayOf(table: Table | null, column: string, server: Server): Way {
  if (table === null) return REBUILD;
  const indexes = indexesOver(table, column);
  if (isVirtual(table, column)) return indexes.length === 0 && addsInstantly(server) ? INSTANT : METADATA;
  // Measured on MariaDB 10.11 (error 1846).
  if (server.dialect === "mariadb" && hasIndexedVirtualColumn(table)) return COPY;
  const rows = dropsInstantly(server) ? INSTANT_ROWS : REBUILD;
  return indexes.length === 0 ? rows : dearest(rows, indexedWay(table, indexes, server));
}

function indexedWay(table: Table, indexes: readonly Index[], { dialect }: Server): Way {
  if (isWholeKey(table, indexes)) return COPY;
  if (dialect === "mysql") return REBUILD;
  // MariaDB drops indexes over the one column with it, and cannot do that next to a virtual column.
  if (hasVirtualColumn(table)) return COPY;
  const alone = indexes.every((i) => i.columns.length === 1 && !/\bFULLTEXT\b/i.test(i.definition));
  return alone ? METADATA : REBUILD;
}

/** The primary key goes with its only column. */
function isWholeKey(table: Table, indexes: readonly Index[]): boolean {
  const keys = table.constraints.filter((c) => c.kind === "primary-key").map((c) => c.index);
  return indexes.some((i) => i.columns.length === 1 && (i.name === "PRIMARY" || keys.includes(i.name)));
}

function isVirtual(table: Table, column: string): boolean {
  return table.columns.some((c) => sameColumn(c.name, column) && c.generated?.kind === "virtual");
}

function failure(table: Table, column: string, server: Server): Pick<Effect, "fails" | "needed"> {
  const needed = held(table, column, server);
  return needed === null ? narrowed(table, column, server) : refusedFor(needed);
}

/** What neither server lets go of. */
function held(table: Table, column: string, { dialect }: Server): Need | null {
  const over = table.constraints.filter((c) => has(c.columns, column));
  const keys = over.filter((c) => c.kind === "foreign-key").map((c) => `foreign key ${c.name}`);
  const checks = over.filter((c) => c.kind === "check" && c.columns.length > 1).map((c) => `CHECK ${c.name}`);
  const pointing = table.referencedBy.filter((r) => has(r.columns, column)).map((r) => `foreign key ${r.constraint}`);
  const indexes = functionalIndexes(table, column).map((i) => `index ${i.name}`);
  const all = [...keys, ...checks, ...pointing, ...indexes, ...expressionsOver(table, column, dialect)];
  if (all.length === 0) return null;
  return { code: "1054, 1553, 1828, 1829, 3108, 3766, 3837, 3959", why: `${all.join(", ")} needs ${column}` };
}

/** A unique index over several columns: MariaDB refuses, MySQL makes it narrower and thereby stricter. */
function narrowed(table: Table, column: string, { dialect }: Server): Pick<Effect, "fails" | "needed"> {
  const names = indexesOver(table, column)
    .filter((i) => i.unique && i.columns.length > 1)
    .map((i) => i.name);
  if (names.length === 0) return refusedFor(null);
  const indexes = `unique index ${names.join(", ")}`;
  if (dialect === "mariadb") return refusedFor({ code: "1072", why: `${indexes} has other columns` });
  return { fails: `${indexes} becomes narrower, and fails where its other columns repeat (1062)` };
}

function gone(column: string): Breakage {
  const why = `statements that name ${column} fail (1054) as soon as it is gone`;
  return Object.freeze({ what: "both", who: "N-1", why });
}
