import type { AlterObject, CreateObject, DropObject, ObjectType } from "../../../../../model/detail/object.js";
import type { RelationName } from "../../../../../model/name.js";
import { type Captured, firstOf, textsOf, wordsOf } from "../../pattern/match.js";

/** What CREATE makes, from the keys `replace`, `if`, `relation`, `name` or `account`. */
export function created(captured: readonly Captured[], object: ObjectType): CreateObject {
  const accounts = Object.freeze(textsOf(captured, "account"));
  return {
    kind: "create-object",
    object,
    name: nameIn(captured),
    orReplace: firstOf(captured, "replace") !== null,
    ifNotExists: firstOf(captured, "if") !== null,
    definer: firstOf(captured, "definer")?.text ?? null,
    body: null,
    reads: [],
    trigger: null,
    ...(accounts.length === 0 ? {} : { accounts }),
  };
}

/** What ALTER changes, from the keys `if`, `relation` or `name`, and `change`. */
export function altered(captured: readonly Captured[], object: ObjectType): AlterObject {
  return {
    kind: "alter-object",
    object,
    name: nameIn(captured),
    ifExists: firstOf(captured, "if") !== null,
    changes: wordsOf(captured, "change"),
    body: null,
    reads: [],
  };
}

/** What DROP takes away, from the keys `if` and `relation` or `name`. */
export function dropped(captured: readonly Captured[], object: ObjectType): DropObject {
  return {
    kind: "drop-object",
    object,
    name: nameIn(captured),
    ifExists: firstOf(captured, "if") !== null,
    cascade: firstOf(captured, "cascade") !== null,
  };
}

function nameIn(captured: readonly Captured[]): RelationName | null {
  const relation = firstOf(captured, "relation") ?? firstOf(captured, "object");
  if (relation !== null) return relation.relation;
  const name = firstOf(captured, "name");
  return name === null ? null : Object.freeze({ schema: null, name: name.text });
}
