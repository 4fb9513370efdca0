import type { Column } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { readColumns } from "./columns.js";
import { type ConstraintsByTable, readConstraints } from "./constraints.js";
import { type IndexesByRelation, readIndexes } from "./indexes.js";
import { type Among, readTables, type TableRow } from "./tables.js";

/** What takes long to read, by the oids of tables and materialized views. */
export interface Parts {
  readonly tables: ReadonlyMap<string, TableRow>;
  readonly columns: ReadonlyMap<string, readonly Column[]>;
  readonly constraints: ConstraintsByTable;
  readonly indexes: IndexesByRelation;
}

/** Of no table. */
export const NONE: Parts = Object.freeze({
  tables: new Map(),
  columns: new Map(),
  constraints: new Map(),
  indexes: new Map(),
});

export const readParts = async (session: Session, among: Among): Promise<Parts> => ({
  tables: await readTables(session, among),
  columns: await readColumns(session, among),
  constraints: await readConstraints(session, among),
  indexes: await readIndexes(session, among),
});

/**
 * What is known, with what was read again in its place.
 *
 * @param all the oids that there are now, in the order of the names
 * @param changed those among them that were read again
 */
export function renewed(known: Parts, again: Parts, all: readonly string[], changed: ReadonlySet<string>): Parts {
  const renew = <T>(old: ReadonlyMap<string, T>, read: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map(
      all.flatMap((oid) => {
        const part = (changed.has(oid) ? read : old).get(oid);
        return part === undefined ? [] : [[oid, part] as const];
      }),
    );
  return {
    tables: renew(known.tables, again.tables),
    columns: renew(known.columns, again.columns),
    constraints: renew(known.constraints, again.constraints),
    indexes: renew(known.indexes, again.indexes),
  };
}
