import type { StoredObject } from "../../../../model/catalog.js";
import type { ObjectType } from "../../../../model/detail/object.js";
import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import type { MysqlContext } from "../algorithms.js";
import { hasEvent, hasRoutine, hasTable, hasTrigger } from "../facts.js";

type Kind = StoredObject["object"];

/** Names of views and tables tell case apart where the server's files do; all the others never do. */
const sameName = (object: ObjectType, a: string, b: string): boolean =>
  object === "view" || object === "sequence" ? a === b : a.toLowerCase() === b.toLowerCase();

/** What the database has of this name, or had before an earlier statement dropped it; null for nothing. */
export function storedOf(object: ObjectType, name: RelationName, context: MysqlContext): StoredObject | null {
  const all = context.catalog.objects ?? [];
  return all.find((o) => o.object === object && sameName(object, o.name.name, name.name)) ?? null;
}

/** Whether an operation of this kind is about the object. */
export const isAbout =
  (kind: "create-object" | "drop-object", object: ObjectType, name: RelationName) =>
  (operation: Operation): boolean => {
    if (operation.kind !== "other" || operation.detail?.kind !== kind) return false;
    const { detail } = operation;
    return detail.object === object && detail.name !== null && sameName(object, detail.name.name, name.name);
  };

/** A condition that holds while the object is there. */
export function isThere(object: Kind, name: RelationName): string {
  switch (object) {
    case "trigger":
      return hasTrigger(name, name.name);
    case "function":
      return hasRoutine(name, "FUNCTION");
    case "procedure":
      return hasRoutine(name, "PROCEDURE");
    case "event":
      return hasEvent(name);
    default:
      return hasTable(name);
  }
}
