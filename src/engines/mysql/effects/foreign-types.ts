import type { Catalog, Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { ForeignKeyTarget, Operation } from "../../../model/operation.js";
import { findTable, sameRelation } from "../../engine.js";
import { unreadRunsOn } from "../../table-lookup.js";
import { lettersOf } from "../table-charset.js";
import { engineOf } from "../table-engine.js";
import { sameColumn } from "./facts.js";
import { type Difference, differenceOf, type KeyColumn } from "./foreign-columns.js";
import { checksForeignKeys, enforcesInlineReferences, type Server } from "./server.js";

/** The server's number, and why, in words; and what to do. */
export interface Misfit {
  readonly code: number;
  readonly why: string;
  readonly help: string;
}

/** What an effect says of it. */
export const refusedFor = ({ code, why }: Misfit): string => `it is refused (${code}), because ${why}`;

/** A foreign key that a statement makes. */
export interface ForeignKey {
  readonly columns: readonly string[];
  readonly target: ForeignKeyTarget;
}

/** A table as far as its foreign keys go. */
interface Side extends Pick<Table, "characterSet" | "collation" | "engine"> {
  readonly columns: readonly (KeyColumn & { readonly name: string })[];
}

/** The foreign keys of an operation that the server reads. */
export function foreignKeysOf(operation: Operation, server: Server): readonly ForeignKey[] {
  const of = (columns: readonly string[], target: ForeignKeyTarget | null): readonly ForeignKey[] =>
    target === null ? [] : [{ columns, target }];
  const inline = enforcesInlineReferences(server);
  if (operation.kind === "add-column") return inline ? of([operation.column.name], operation.column.references) : [];
  if (operation.kind === "create-table") {
    const written = inline ? operation.columns : [];
    return [
      ...written.flatMap(({ name, references }) => of([name], references)),
      ...operation.constraints.flatMap(({ columns, references }) => of(columns, references)),
    ];
  }
  const constraint =
    operation.kind === "other" && operation.detail?.kind === "add-constraint" ? operation.detail.constraint : undefined;
  return constraint === undefined ? [] : of(constraint.columns, constraint.references);
}

/**
 * Why a foreign key is refused for the types of its columns, before a row is read, with foreign_key_checks=0 too; null where it is
 * not, or where files do not tell for certain.
 */
export function misfitTypes(operation: Operation, server: Server): Misfit | null {
  const keys = foreignKeysOf(operation, server);
  const own = keys.length === 0 ? null : ownSide(operation, server);
  if (own === null || operation.relation === null || !isInnodb(own)) return null;
  for (const key of keys) {
    const target = targetSide(key.target.relation, own, operation.relation, server);
    const misfit = target === null || !isInnodb(target) ? null : misfitOf(key, own, target, operation, server);
    if (misfit !== null) return misfit;
  }
  return null;
}

function misfitOf(key: ForeignKey, own: Side, target: Side, operation: Operation, server: Server): Misfit | null {
  for (const [at, name] of key.columns.entries()) {
    const [mine, other] = [columnOf(own, name), columnOf(target, key.target.columns[at] ?? "")];
    const found = mine === null || other === null ? null : differenceOf(mine, own, other, target, server.dialect);
    if (found !== null) return { code: codeOf(found, operation, server), ...saidOf(found, name) };
  }
  return null;
}

function saidOf({ what, is, other }: Difference, column: string): Pick<Misfit, "why" | "help"> {
  if (what === "unmeasured")
    return {
      why: `${column} is ${is}, and no foreign key can be over such a column`,
      help: `Make it ${other}, as what it points at is.`,
    };
  return what === "type"
    ? {
        why: `${column} is ${is}, and what it points at is ${other}`,
        help: `Give it the type of its target: ${other}.`,
      }
    : {
        why: `${column} has the letters of ${is}, and what it points at those of ${other}`,
        help: `Give it the letters of its target: ${other}.`,
      };
}

/** MariaDB has another number for an ALTER that need not read the rows. */
function codeOf({ what, is }: Difference, { kind }: Operation, server: Server): number {
  if (server.dialect === "mariadb") return kind === "create-table" || checksForeignKeys(server) ? 1005 : 1825;
  if (what !== "unmeasured") return 3780;
  return /^\s*json/i.test(is) ? 3152 : 1170;
}

/** The table that gets the key, behind its statement; null where that is not certain. */
function ownSide(operation: Operation, server: Server): Side | null {
  const { relation } = operation;
  const table = relation === null ? null : findTable(server.catalog, relation);
  if (operation.kind === "create-table") {
    const { form, temporary, ifNotExists, columns, options = [] } = operation;
    if (form !== "plain" || temporary || (ifNotExists && table !== null)) return null;
    return { columns, ...lettersOf(options), ...engineOf(options) };
  }
  const siblings = server.siblings ?? [operation];
  if (table === null || !siblings.every(onlyAdds) || !isCertain(table, server.catalog)) return null;
  const added = siblings.flatMap((o) => (o.kind === "add-column" ? o.column : []));
  return { ...table, columns: [...table.columns, ...added] };
}

function targetSide(target: RelationName, own: Side, relation: RelationName, { catalog }: Server): Side | null {
  if (sameRelation(target, relation, catalog.defaultSchema)) return own;
  const table = findTable(catalog, target);
  return table !== null && isCertain(table, catalog) ? table : null;
}

const columnOf = ({ columns }: Side, name: string) => columns.find((one) => sameColumn(one.name, name)) ?? null;

/** Nothing in the statement gives a column that is there another type or name. */
const onlyAdds = ({ kind, ...one }: Operation): boolean =>
  kind === "add-column" || kind === "create-index" || ("detail" in one && one.detail?.kind === "add-constraint");

/** Other engines have no foreign keys, and take what they ignore. */
const isInnodb = ({ engine }: Side): boolean => /^innodb$/i.test(engine ?? "innodb");

const isCertain = ({ relation }: Table, catalog: Catalog): boolean => unreadRunsOn(catalog, relation).length === 0;
