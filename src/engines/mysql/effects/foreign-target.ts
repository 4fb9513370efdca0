import type { Table } from "../../../model/catalog.js";
import type { ForeignKeyTarget } from "../../../model/operation.js";
import { findTable } from "../../engine.js";
import { sameColumn } from "./facts.js";
import { isMysqlFrom, type Server } from "./server.js";

/**
 * Why a foreign key is refused for what it points at; null when it is not, or the table is not known. MySQL asks from 8.4 on
 * for a unique key over just these columns, in this order, with foreign_key_checks=0 too (seen on 9.7;
 * `restrict_fk_on_non_standard_key` takes it back).
 * MariaDB takes any index that begins with them.
 */
export function unkeyedTarget(target: ForeignKeyTarget | null | undefined, server: Server): string | null {
  if (target == null || target.columns.length === 0) return null;
  if (!isMysqlFrom(server, 8, 4) || isTakenBack(server)) return null;
  const table = findTable(server.catalog, target.relation);
  if (table === null || hasKey(table, target.columns)) return null;
  return `it is refused (6125), because ${target.relation.name} has no unique key over ${target.columns.join(", ")} alone`;
}

const isTakenBack = ({ settings }: Server): boolean =>
  /^(0|off|false)$/i.test(settings?.restrict_fk_on_non_standard_key ?? "");

function hasKey(table: Table, columns: readonly string[]): boolean {
  const keys = table.constraints.filter(({ kind }) => kind === "primary-key" || kind === "unique");
  return [...keys, ...table.indexes.filter(({ unique }) => unique)].some(
    (key) => key.columns.length === columns.length && key.columns.every((c, at) => sameColumn(c, columns[at] ?? "")),
  );
}
