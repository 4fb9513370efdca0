import { sameRelation } from "../src/engines/engine.js";
import { lookUpType } from "../src/engines/table-lookup.js";
import { isTypeKind } from "../src/history/types.js";
import type { UserType } from "../src/model/catalog.js";
import type { TypeShape } from "../src/model/detail/object.js";
import type { RelationName } from "../src/model/name.js";
import type { RuleContext, Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

/** What statements rely on of a type that they name. */
type Relied = Pick<UserType | TypeShape, "kind"> & { readonly values?: readonly string[] };

/** What becomes of statements that name a type which an operation drops or renames (PostgreSQL). */
export type TypeLeft = "kept" | Verdict | null;

/**
 * Statements that name a type which an operation drops or renames: they are kept where the same transaction gives the name to
 * another one that has its values, or where the file itself has given the type its name. Null for all other operations.
 */
export function typeLeft(context: RuleContext): TypeLeft {
  const name = nameTaken(context);
  if (name === null) return null;
  if (isNamedByFile(name, context)) return "kept";
  const now = typeInPlace(name, context);
  if (now === null || now.kind === "composite" || now.kind === "base") return null;
  if (now.kind !== "enum") return "kept";
  const before = lookUpType(context.catalog, name)?.values;
  if (before === undefined || now.values === undefined) return unsure(name, context);
  const lost = before.filter((value) => now.values?.includes(value) === false);
  return lost.length === 0 ? "kept" : without(lost, name, context);
}

function nameTaken({ operation }: RuleContext): RelationName | null {
  const dropped = detailOf(operation, "drop-object");
  const detail = dropped ?? detailOf(operation, "rename-object");
  return detail !== null && isTypeKind(detail.object) && dropped?.cascade !== true ? detail.name : null;
}

/** `ALTER TYPE x RENAME TO x_old; DROP TYPE x_old`: running code knows none of that name. */
const isNamedByFile = (name: RelationName, { catalog, deployed }: RuleContext): boolean =>
  lookUpType(deployed, name) === null && lookUpType(catalog, name) != null;

/** The type that has the name at the end of the transaction; null where none gets it. */
function typeInPlace(name: RelationName, context: RuleContext): Relied | null {
  const { catalog, laterOn } = context;
  const isIt = (other: RelationName) => sameRelation(other, name, catalog.defaultSchema);
  for (const later of laterOn(name.name)) {
    const made = detailOf(later, "create-object");
    if (made?.type !== undefined && made.name !== null && isIt(made.name)) return made.type;
    const renamed = detailOf(later, "rename-object");
    if (renamed === null || renamed.name === null || !isTypeKind(renamed.object)) continue;
    if (isIt({ ...renamed.name, name: renamed.to })) return typeOf(renamed.name, context);
  }
  return null;
}

/** A type that files have made, or that the same transaction makes; what is not known of it may be an enum's. */
function typeOf(name: RelationName, { catalog, laterOn }: RuleContext): Relied {
  const made = laterOn(name.name).map((later) => detailOf(later, "create-object"));
  const isIt = (other: RelationName | null | undefined) =>
    other != null && sameRelation(other, name, catalog.defaultSchema);
  return (
    lookUpType(catalog, name) ?? made.find((one) => one?.type !== undefined && isIt(one.name))?.type ?? { kind: "enum" }
  );
}

const HELP =
  "Keep each value that running code writes or compares, and take it away in a later release; or say with an ignore why nothing uses it.";

function without(lost: readonly string[], name: RelationName, { engine }: RuleContext): Verdict {
  const values = lost.map((value) => `'${value}'`).join(", ");
  return {
    message: `Running code suffers from this: the ${engine.quoteRelation(name)} that this transaction makes is without ${values}, and statements that name ${lost.length === 1 ? "it" : "one of them"} fail (22P02).`,
    help: HELP,
  };
}

function unsure(name: RelationName, { engine }: RuleContext): Verdict {
  return {
    severity: "warning",
    message: `Statements that name a value fail (22P02) where the ${engine.quoteRelation(name)} that this transaction makes is without it. Assumed: it may have fewer values: files do not tell.`,
    help: HELP,
  };
}
