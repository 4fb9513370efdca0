import type { Constraint } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { Made } from "./definitions.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { constraintKey } from "./known-tables.js";
import { set } from "./persistent-map.js";
import { noteReferences } from "./references.js";

/** Kinds of constraints whose names are a database's (MySQL, MariaDB), not only their table's. */
const NAMED: ReadonlySet<Constraint["kind"]> = new Set<Constraint["kind"]>(["foreign-key", "check"]);

/** What a table's new constraints say of others: what they point at, and that their names are given. */
export function noteConstraints(known: Known, relation: RelationName, made: readonly Made[]): Known {
  const constraints = made.map(({ constraint }) => constraint);
  return noteReferences(noteNames(known, relation, constraints), relation, made);
}

/** Notes whose the names of constraints are (MySQL, MariaDB). */
export function noteNames(known: Known, relation: RelationName, constraints: readonly Constraint[]): Known {
  const named = known.dialect === undefined ? [] : constraints.filter(({ kind }) => NAMED.has(kind));
  if (named.length === 0) return known;
  const owner = keyOf(known, relation);
  const owners = named.reduce(
    (map, { kind, name }) => set(map, constraintKey(known, kind, { schema: relation.schema, name }), owner),
    known.owners,
  );
  return { ...known, owners };
}
