import { unreadRunsBehind, unreadRunsOn } from "../engines/table-lookup.js";
import type { Catalog } from "../model/catalog.js";
import type { ObjectType } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";

/** More names than these are counted. */
const SHOWN = 3;

/**
 * What a judgement of an operation assumes of code that ran before it, and that nobody can read: that it changed nothing of
 * the tables, routines, types, views and sequences that the operation is about (`my_migration() changed nothing of "users"`).
 */
export function unreadChanges(
  operation: Operation,
  catalog: Catalog,
  quoted: (relation: RelationName) => string,
): readonly string[] {
  const about = [
    ...tablesOf(operation).map((relation) => ({ relation, runs: unreadRunsOn(catalog, relation) })),
    ...objectsOf(operation).map(({ object, name }) => ({
      relation: name,
      runs: unreadRunsBehind(catalog, object, name),
    })),
  ];
  return about.flatMap(({ relation, runs }) => {
    if (runs.length === 0) return [];
    const last = runs.slice(-SHOWN).toReversed();
    const more = runs.length > SHOWN ? ` and ${runs.length - SHOWN} more` : "";
    return [`${last.join(", ")}${more} changed nothing of ${quoted(relation)}`];
  });
}

function tablesOf(operation: Operation): readonly RelationName[] {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "data-change") return detail.writes;
  return operation.relation === null ? [] : [operation.relation];
}

function objectsOf(operation: Operation): readonly { readonly object: ObjectType; readonly name: RelationName }[] {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail === undefined || !("object" in detail) || detail.name === null) return [];
  return [{ object: detail.object, name: detail.name }];
}
