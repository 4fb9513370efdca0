import type { Catalog, Table } from "../../../model/catalog.js";
import type { Operation, TableConstraint } from "../../../model/operation.js";
import { findTable } from "../../engine.js";
import { unreadRunsOn } from "../../table-lookup.js";
import { columnIn, sameColumn } from "./facts.js";
import { columnType, type Type, typeOf } from "./modify/type.js";
import type { Server } from "./server.js";

/** The server's number, and why, in words; `type` is the one that would fit. */
export interface Misfit {
  readonly code: number;
  readonly why: string;
  readonly type: string;
}

/**
 * Why a foreign key is refused for integers of two types, before a row is read (seen on MySQL 9.7 and MariaDB 10.11,
 * test/rules/mysql-refused-foreign-keys.server.test.ts); null where it is not, or where files do not tell for certain.
 */
export function misfitTypes(
  { columns, references }: Pick<TableConstraint, "columns" | "references">,
  table: Table | null,
  server: Server,
): Misfit | null {
  if (references === null || table === null || !(server.siblings ?? []).every(onlyAdds)) return null;
  const target = findTable(server.catalog, references.relation);
  if (target === null || ![table, target].every((one) => isInnodb(one) && isCertain(one, server.catalog))) return null;
  for (const [at, name] of columns.entries()) {
    const [own, other] = [typeIn(table, name, server), typeIn(target, references.columns[at] ?? "", server)];
    if (own === null || other === null || !differ(own.read, other.read)) continue;
    const code = server.dialect === "mysql" ? 3780 : 1005;
    return { code, why: `${name} is ${own.type}, and what it points at is ${other.type}`, type: other.type };
  }
  return null;
}

/** Nothing in the statement gives a column that is there another type or name. */
const onlyAdds = ({ kind, ...one }: Operation): boolean =>
  kind === "add-column" || kind === "create-index" || ("detail" in one && one.detail?.kind === "add-constraint");

/** Other engines have no foreign keys, and take what they ignore. */
const isInnodb = ({ engine }: Table): boolean => /^innodb$/i.test(engine ?? "innodb");

const isCertain = ({ relation }: Table, catalog: Catalog): boolean => unreadRunsOn(catalog, relation).length === 0;

/** The type of a column that is there, or that the same statement adds. */
function typeIn(
  table: Table,
  name: string,
  { dialect, siblings = [] }: Server,
): { readonly type: string; readonly read: Type } | null {
  const there = columnIn(table, name);
  if (there !== null) return { type: there.type, read: columnType(there, dialect) };
  const added = siblings.flatMap((o) =>
    o.kind === "add-column" && sameColumn(o.column.name, name) ? o.column : [],
  )[0];
  return added === undefined ? null : { type: added.type, read: typeOf(added.type, dialect) };
}

const INTEGER = /^(?:tiny|small|medium|big)?int$/;

const differ = (a: Type, b: Type): boolean =>
  INTEGER.test(a.base) && INTEGER.test(b.base) && (a.base !== b.base || a.unsigned !== b.unsigned);
