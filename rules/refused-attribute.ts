import { userType } from "../src/engines/postgres/effects/type-names.js";
import type { UserType } from "../src/model/catalog.js";
import type { AlterObject } from "../src/model/detail/object.js";
import type { RelationName } from "../src/model/name.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "siblings">;

const SPELL = "Correct the name; or add, in front of it, what is missing.";
const TAKEN = "Choose another name, or leave it out.";

/** The type as files made it. */
const typeOf = ({ schema, name }: RelationName, { catalog }: Asked): UserType | null =>
  userType({ schema, name, modifiers: null, array: false }, catalog);

/** `CREATE TYPE p AS (a int, a text)`. */
function namedTwice({ operation, engine }: Asked): Missing | null {
  const made = detailOf(operation, "create-object");
  const names = made?.type?.attributes?.map(({ name }) => name) ?? [];
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice === undefined) return null;
  return { what: `the type would have two attributes ${engine.quote(twice)} (42701)`, help: TAKEN };
}

const KINDS: Readonly<Record<UserType["kind"], string>> = Object.freeze({
  enum: "an enum",
  domain: "a domain",
  composite: "a composite type",
  range: "a range",
  base: "a base type",
});

/** ALTER TYPE of what a type of its kind has not. */
function otherKind({ changes }: AlterObject, type: UserType, { engine }: Asked): Missing | null {
  const words = changes.join(" ");
  const name = engine.quoteRelation(type.relation);
  if (/\bATTRIBUTE\b/.test(words) && type.kind !== "composite")
    return { what: `${name} is ${KINDS[type.kind]}, which has no attributes (42P01)`, help: SPELL };
  if (/\b(?:ADD|RENAME) VALUE\b/.test(words) && type.kind !== "enum")
    return { what: `${name} is ${KINDS[type.kind]}, and no enum (42809)`, help: SPELL };
  return null;
}

/** An attribute that a type has not, or has already. */
export function refusedAttribute(asked: Asked): Missing | null {
  const { operation, engine, siblings } = asked;
  const change = detailOf(operation, "alter-object");
  if (change?.object !== "type" || change.name === null) return namedTwice(asked);
  const type = typeOf(change.name, asked);
  if (type === null) return null;
  const other = otherKind(change, type, asked);
  // The server takes the parts of one statement in an order of its own.
  if (other !== null || type.attributes === undefined || siblings.length > 1) return other;
  const { changes, attribute, values = [] } = change;
  const has = (name: string | undefined) => type.attributes?.some((one) => one.name === name) === true;
  const name = engine.quoteRelation(type.relation);
  const taken = changes.includes("ADD ATTRIBUTE")
    ? attribute?.name
    : changes.includes("RENAME ATTRIBUTE")
      ? values[1]
      : "";
  if (taken && has(taken))
    return { what: `${name} has an attribute ${engine.quote(taken)} already (42701)`, help: TAKEN };
  const needed = changes.includes("ADD ATTRIBUTE") || change.ifExists ? undefined : (values[0] ?? attribute?.name);
  if (needed === undefined || has(needed) || !changes.some((one) => /ATTRIBUTE/.test(one))) return null;
  return { what: `${name} has no attribute ${engine.quote(needed)} (42703)`, help: SPELL };
}
