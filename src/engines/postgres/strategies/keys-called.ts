import type { Constraint } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { quote, quoteRelation } from "../names.js";

/** The foreign keys of `constraints`, of a table that has one of these names, as the gate `dependents` calls them. */
export function keysCalled(
  constraints: readonly Constraint[],
  { schema }: RelationName,
  names: readonly string[],
): string[] {
  const places = names.flatMap((n) => [n, quote(n), `${schema}.${n}`, quoteRelation({ schema, name: n })]);
  const keys = constraints.filter((c) => c.kind === "foreign-key");
  return keys.flatMap((k) => places.map((place) => `foreign key ${k.name} of ${place}`));
}
