import type { Table } from "../../../model/catalog.js";
import type { Breakage } from "../../../model/effect.js";
import type { RenameColumn } from "../../../model/operation.js";
import { findTable } from "../../engine.js";
import { altered, type Change } from "./change.js";
import { expressionsOver, functionalIndexes, has } from "./facts.js";
import { codeBreaks, unknownCode } from "./notes.js";
import { renamesInstantly, type Server } from "./server.js";
import { INSTANT, METADATA, type Way } from "./ways.js";

/** RENAME COLUMN: a change of the catalog, and the end of every statement that has the old name. Nothing follows. */
export function renameColumnChange(operation: Pick<RenameColumn, "relation" | "from">, server: Server): Change {
  const { relation, from } = operation;
  const table = findTable(server.catalog, relation);
  const said = {
    breaks: renameBreaks(table, from),
    fails: renameFailure(table, from, server),
    assumes: unknownCode(server, table, from),
  };
  return altered(relation, renameWay(table, from, server), said, "rename");
}

export function renameWay(table: Table | null, column: string, server: Server): Way {
  return renamesInstantly(server) && !isPointedAt(table, column, server) ? INSTANT : METADATA;
}

export function renameBreaks(table: Table | null, column: string): Breakage[] {
  return [oldName(column), ...codeBreaks(table, column)].map((b) => Object.freeze({ ...b, by: "rename" }));
}

/** MySQL must open the other table of a foreign key, which INSTANT does not do. */
function isPointedAt(table: Table | null, column: string, { dialect }: Server): boolean {
  return dialect === "mysql" && table?.referencedBy.some((r) => has(r.columns, column)) === true;
}

/** MariaDB renames inside the table's own expressions; MySQL refuses. */
export function renameFailure(table: Table | null, column: string, { dialect }: Server): string | null {
  if (dialect === "mariadb" || table === null) return null;
  const checks = table.constraints.filter((c) => c.kind === "check" && has(c.columns, column));
  const indexes = functionalIndexes(table, column);
  const naming = [
    ...expressionsOver(table, column, dialect),
    ...checks.map((c) => `CHECK ${c.name}`),
    ...indexes.map((i) => `index ${i.name}`),
  ];
  if (naming.length === 0) return null;
  return `it is refused (3108, 3766, 3837, 3959), because ${naming.join(", ")} names ${column}`;
}

function oldName(column: string): Breakage {
  return Object.freeze({
    what: "both",
    who: "N-1",
    why: `statements that name ${column} fail (1054) as soon as it is renamed`,
  });
}
