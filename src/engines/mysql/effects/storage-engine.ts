import type { Column, Table } from "../../../model/catalog.js";
import type { ModifyColumn } from "../../../model/detail/column.js";
import type { Operation, OtherOperation } from "../../../model/operation.js";
import { findTable } from "../../engine.js";
import { isInnodb } from "../innodb.js";
import type { Change } from "./change.js";
import { columnIn } from "./facts.js";
import { movesTo } from "./modify/compared.js";
import { textChange } from "./modify/text-change.js";
import { isText, sameType, typeOf } from "./modify/type.js";
import { appendsValues } from "./modify/values.js";
import type { Server } from "./server.js";
import { BUILD_EXCLUSIVE, COPY, INSTANT, type Way } from "./ways.js";

/**
 * A change as it is carried out on a table of another engine than InnoDB: names, defaults and comments are changed at once,
 * and for all else the table is copied while writers wait. Asked of MySQL 9.7 (MyISAM, MEMORY, ARCHIVE, CSV) and MariaDB
 * 10.11 (MyISAM, Aria, MEMORY): storage-engine.test.ts. Engines besides are taken for the same.
 */
export function onItsEngine(operation: Operation, change: Change, server: Server): Change {
  if (change.relation === null || change.way === null) return change;
  const table = findTable(server.catalog, change.relation);
  if (table === null || isInnodb(table)) return change;
  return Object.freeze({ ...change, way: wayThere(operation, change, change.way, table, server) });
}

function wayThere(operation: Operation, { part }: Change, way: Way, table: Table, server: Server): Way {
  switch (operation.kind) {
    case "rename-column":
      return INSTANT;
    // What is there already, or not there, is left alone.
    case "add-column":
    case "drop-column":
      return part === "plain" ? way : COPY;
    case "create-index":
      return operation.ifNotExists && way.work === "none" ? INSTANT : COPY;
    case "create-table":
      return way;
    case "other":
      return otherWay(operation, way, table, server);
  }
}

/** Options that are words about a table. */
const WORDS = /^(COMMENT|AVG_ROW_LENGTH|PAGE_CHECKSUM|STATS_\w+)$/;

function otherWay({ detail }: OtherOperation, way: Way, table: Table, server: Server): Way {
  switch (detail?.kind) {
    case "rename-table":
    case "rename-index":
    case "rename-column-if-exists":
    case "set-default":
    case "drop-default":
    case "set-index-visibility":
      return INSTANT;
    case "set-table-option":
      return WORDS.test(detail.option) ? INSTANT : COPY;
    case "switch":
      return detail.enabled ? BUILD_EXCLUSIVE : INSTANT;
    case "modify-column":
      return keepsItsRows(detail, way, table, server) ? INSTANT : COPY;
    case "drop-index":
      return detail.ifExists && !table.indexes.some((i) => i.name === detail.index.name) ? way : COPY;
    case "drop-constraint":
      return server.dialect === "mariadb" && way.algorithm === "INSTANT" ? way : COPY;
    case "add-constraint":
      return detail.ifNotExists && way.algorithm === "INSTANT" ? way : COPY;
    default:
      return isOfPartitions(detail?.kind) ? way : COPY;
  }
}

/** Rows of other partitions are left alone, whatever the engine. */
const isOfPartitions = (kind = ""): boolean => /partition/.test(kind);

/** The same type in the same letters, or more values at the end of a list. */
function keepsItsRows({ column, definition, position }: ModifyColumn, way: Way, table: Table, server: Server): boolean {
  const old: Column | null = columnIn(table, column);
  if (old === null || way.algorithm !== "INSTANT" || movesTo(position, old, table)) return false;
  if (isText(definition.type) && textChange(old, definition, table) !== "none") return false;
  const [from, to] = [typeOf(old.type, server.dialect), typeOf(definition.type, server.dialect)];
  return sameType(from, to) || appendsValues(from, to);
}
