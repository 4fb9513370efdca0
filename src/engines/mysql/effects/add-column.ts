import type { Table } from "../../../model/catalog.js";
import type { AddColumn, ColumnDefinition } from "../../../model/operation.js";
import { findTable } from "../../engine.js";
import { breaksOf, failureOf } from "./added-value.js";
import { altered, type Change } from "./change.js";
import { defaultValue } from "./default-value.js";
import { hasIndexedVirtualColumn, hasVirtualColumn, sameColumn } from "./facts.js";
import { misfitTypes, refusedFor } from "./foreign-types.js";
import { generatedBreaks } from "./generated-value.js";
import { addsInstantly, enforcesChecks, enforcesInlineReferences, placesInstantly, type Server } from "./server.js";
import {
  COPY,
  dearest,
  exclusive,
  INSTANT,
  INSTANT_ROWS,
  METADATA,
  REBUILD,
  REBUILD_SHARED,
  type Way,
} from "./ways.js";

/** ADD COLUMN: INSTANT where every row gets the same value and nothing else is asked for. */
export function addColumnChange(operation: AddColumn, server: Server): Change {
  const { relation, column } = operation;
  const table = findTable(server.catalog, relation);
  if (operation.ifNotExists && table?.columns.some((c) => sameColumn(c.name, column.name)) === true) {
    return altered(relation, INSTANT);
  }
  const target = referencesAnything(column, server) ? column.references?.relation : undefined;
  const locks = target === undefined || target.name === relation.name ? [] : [exclusive(target)];
  const misfit = misfitTypes(operation, server);
  if (misfit !== null) return altered(relation, INSTANT, { locks, fails: refusedFor(misfit) });
  const way = wayOf(operation, table, server);
  const said = {
    locks,
    breaks: [...breaksOf(column, server), ...generatedBreaks(column, table, server.dialect)],
    fails: failureOf(column, server),
    assumes: assumptions(operation, table, way, server),
  };
  return altered(relation, way, said, column.generated?.kind === "virtual" ? "add-virtual" : "add");
}

function wayOf(operation: AddColumn, table: Table | null, server: Server): Way {
  const plain = dearest(placeWay(operation, table, server), valueWay(operation.column, server));
  return dearest(plain, checkWay(operation.column, server), indexWay(operation.column));
}

/** Where the column stands. Next to a virtual column neither server can move anything without a copy. */
function placeWay({ position, column }: AddColumn, table: Table | null, server: Server): Way {
  const virtual = column.generated?.kind === "virtual";
  // Measured on MariaDB 10.11 (errors 1845, 1846).
  const indexed = server.dialect === "mariadb" && !virtual && hasIndexedVirtualColumn(table);
  const instant = virtual ? INSTANT : INSTANT_ROWS;
  const old = indexed ? REBUILD_SHARED : addsInstantly(server) ? instant : virtual ? METADATA : REBUILD;
  if (position === null) return old;
  const crowded = hasVirtualColumn(table) && (server.dialect === "mariadb" || virtual);
  if (crowded) return COPY;
  return placesInstantly(server) ? old : REBUILD;
}

/** How the rows that are there get their value. */
function valueWay(column: ColumnDefinition, { dialect }: Server): Way {
  if (column.generated?.kind === "stored") return COPY;
  if (column.autoIncrement) return REBUILD_SHARED;
  return column.default === null || defaultValue(column.default, dialect).instant ? INSTANT : COPY;
}

/** MariaDB takes a CHECK at its word, without looking at a row; MySQL reads them all. */
function checkWay(column: ColumnDefinition, server: Server): Way {
  const checked =
    column.checks.some((c) => c.enforced !== false) && server.dialect === "mysql" && enforcesChecks(server);
  return checked || referencesAnything(column, server) ? COPY : INSTANT;
}

function indexWay(column: ColumnDefinition): Way {
  if (!column.unique && !column.primaryKey) return INSTANT;
  return column.generated?.kind === "virtual" ? COPY : REBUILD;
}

function referencesAnything(column: ColumnDefinition, server: Server): boolean {
  return column.references !== null && enforcesInlineReferences(server);
}

function assumptions(operation: AddColumn, table: Table | null, way: Way, server: Server): string[] {
  const { column } = operation;
  const notes: string[] = [];
  if (table === null && way.algorithm === "INSTANT") {
    notes.push("the table is taken for one without FULLTEXT index, ROW_FORMAT=COMPRESSED and a full count of versions");
  }
  if (column.default !== null && defaultValue(column.default, server.dialect).unknown) {
    notes.push(`DEFAULT ${column.default} is taken for a value that is computed for each row`);
  }
  if (column.references !== null && !enforcesInlineReferences(server)) {
    notes.push("this server reads REFERENCES at a column and ignores it");
  }
  return notes;
}
