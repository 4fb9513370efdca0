import type { Constraint as Tree } from "libpg-query";
import type { Catalog, Constraint, Table } from "../../../model/catalog.js";
import { findTable } from "../../engine.js";
import { addedConstraints } from "../../table-lookup.js";
import { relationOf } from "../parse/ast.js";
import { sameRelation, withPartitions } from "./relations.js";
import { constraintTree } from "./trees.js";

/**
 * Whether every partition has a foreign key like one that its parent gets: the parent takes those over, and no row is read.
 * Seen on PostgreSQL 15 and 18; one that is NOT VALID is checked there.
 */
export function isKeyOfParts(table: Table | null, key: string, catalog: Catalog): boolean {
  const tree = constraintTree(key);
  if (table === null || tree === null || table.partitions === undefined || table.partitions.length === 0) return false;
  // Tables that inherit are not its partitions.
  if ((table.partitionKey ?? table.partitionExpression ?? null) === null) return false;
  const has = (constraints: readonly Constraint[]) => constraints.some((one) => isAlike(one, tree, catalog));
  // Where it has such a key already, those of its partitions are parts of that one.
  if (has(table.constraints)) return false;
  const below = table.partitions.flatMap(({ relation }) => withPartitions(catalog, relation));
  return below.every((relation) => {
    const part = findTable(catalog, relation);
    // What is below it is asked by itself.
    if ((part?.partitions ?? []).length > 0) return true;
    return has(part?.constraints ?? addedConstraints(catalog, relation));
  });
}

function isAlike({ kind, validated, definition }: Constraint, key: Tree, catalog: Catalog): boolean {
  const own = kind === "foreign-key" && validated ? constraintTree(definition) : null;
  const [from, to] = [own?.pktable, key.pktable].map((target) => (target === undefined ? null : relationOf(target)));
  if (own === null || from == null || to == null) return false;
  return sameRelation(catalog, from, to) && shapeOf(own) === shapeOf(key);
}

/** All that must be the same besides the table that it points at, so that one is taken for the other. */
function shapeOf({ deferrable = false, initdeferred = false, ...tree }: Tree): string {
  const { fk_attrs, pk_attrs, fk_matchtype, fk_upd_action, fk_del_action, fk_del_set_cols } = tree;
  const columns = [fk_attrs, pk_attrs, fk_del_set_cols];
  return JSON.stringify([columns, fk_matchtype, fk_upd_action, fk_del_action, deferrable, initdeferred]);
}
