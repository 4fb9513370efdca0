import type { Catalog, Table } from "../../../model/catalog.js";
import type { DataChange } from "../../../model/detail/data.js";
import type { Breakage } from "../../../model/effect.js";
import { show } from "../../../model/name.js";
import { sameRelation } from "../../engine.js";
import { mayHaveKey } from "../../key-for.js";
import { called, fired, isTriggers, type LeftBehind, ownersOf, type StoredCode } from "../../stored-code.js";
import { storedCode } from "../../table-lookup.js";
import { broken } from "./subject.js";

/**
 * The code of the files whose ON CONFLICT goes by a key that goes.
 *
 * @param name of the constraint, or the index
 */
export function arbitersLost(table: Table, name: string, catalog: Catalog): Breakage[] {
  const left: Table = {
    ...table,
    constraints: table.constraints.filter((one) => one.name !== name),
    indexes: table.indexes.filter((one) => one.name !== name && one.constraint !== name),
  };
  const misses = ({ writes, conflictOn, conflictConstraint }: DataChange): boolean =>
    writes.some((written) => sameRelation(written, table.relation, catalog.defaultSchema)) &&
    (conflictConstraint === name ||
      (conflictOn !== undefined && mayHaveKey(table, conflictOn) && !mayHaveKey(left, conflictOn)));
  const losing = storedCode(catalog).filter(({ code }) =>
    code.operations.some(
      ({ operation }) =>
        operation.kind === "other" && operation.detail?.kind === "data-change" && misses(operation.detail),
    ),
  );
  return losing
    .flatMap((code) => sufferersOf(code, catalog))
    .map(({ who, what }) =>
      broken(
        "writes",
        `${who} writes ${show(table.relation)} ON CONFLICT, which goes by ${name}: ${what} (42P10)`,
        "N",
      ),
    );
}

const sufferersOf = (code: StoredCode, catalog: Catalog): readonly LeftBehind[] =>
  isTriggers(code) ? ownersOf(code, catalog).map(fired) : [called(code)];
