import type { Node } from "libpg-query";
import type { EffectContext } from "../../engine.js";
import { body, strings } from "../parse/ast.js";
import { isAssignable, isBinary } from "./casts.js";
import { expressionTree } from "./trees.js";
import { modifiersKeep } from "./type-modifiers.js";
import { fromTree, isOfExtension, type TypeName, typeName, userType } from "./type-names.js";

/** What a change of a column's type does to the rows. */
export interface TypeChange {
  readonly rewrite: boolean;
  /** Indexes over the column alone stay: type and operators are the same ones to them. */
  readonly indexesKept: boolean;
  /** Without USING, PostgreSQL does not convert between these types (42804). */
  readonly impossible: boolean;
  readonly assumes: readonly string[];
}

const FREE: TypeChange = { rewrite: false, indexesKept: true, impossible: false, assumes: [] };
const WRITTEN: TypeChange = { rewrite: true, indexesKept: false, impossible: false, assumes: [] };

/**
 * Whether PostgreSQL writes the table anew when a column changes from one type to another. Measured for each pair on
 * PostgreSQL 18; what is not known is written.
 *
 * @param using the expression behind USING; null when there is none
 */
export function typeChange(
  from: string,
  to: string,
  column: string,
  using: string | null,
  context: EffectContext,
): TypeChange {
  const [old, next] = [typeName(from), typeName(to)];
  if (old === null || next === null) return { ...WRITTEN, assumes: [`${from} to ${to} cannot be read`] };
  if (using === null) return hop(old, next, context, true);
  const path = castsOf(expressionTree(using), column);
  if (path === null) return WRITTEN;
  const stops = [old, ...path, next];
  const hops = stops.slice(1).map((stop, i) => hop(stops[i] ?? old, stop, context, false));
  return {
    ...(hops.find((h) => h.rewrite) ?? hops.find((h) => !h.indexesKept) ?? FREE),
    assumes: hops.flatMap((h) => h.assumes),
  };
}

/** The types that an expression casts the column to, one after the other; null when it is anything but the column, cast. */
export function castsOf(tree: Node | null, column: string): TypeName[] | null {
  if (tree === null) return null;
  const reference = body(tree, "ColumnRef");
  if (reference !== null) return strings(reference.fields).at(-1) === column ? [] : null;
  const cast = body(tree, "TypeCast");
  const inner = cast?.arg === undefined ? null : castsOf(cast.arg, column);
  return inner === null || cast?.typeName === undefined ? null : [...inner, fromTree(cast.typeName)];
}

function hop(written: TypeName, wanted: TypeName, context: EffectContext, automatic: boolean): TypeChange {
  const [from, to] = [qualified(written, context), qualified(wanted, context)];
  if (sameType(from, to) && modifiersKeep(from, from.modifiers, to.modifiers)) return FREE;
  const [old, next] = [opened(from, context), entered(to, context)];
  if (next === null) return checkedType(old, to, context, automatic);
  if (from.array || to.array)
    return sameType(old, next) && next.modifiers === null ? FREE : rewritten(old, next, context, automatic);
  if (sameType(old, next)) return modifiersKeep(old, old.modifiers, next.modifiers) ? FREE : WRITTEN;
  return between(old, next, context, automatic);
}

/** An unqualified name of the application's is the default schema's. */
function qualified(type: TypeName, { catalog }: EffectContext): TypeName {
  if (isOfExtension(type)) return { ...type, schema: null };
  return type.schema === null ? { ...type, schema: catalog.defaultSchema } : type;
}

function sameType(a: TypeName, b: TypeName): boolean {
  return a.name === b.name && a.schema === b.schema && a.array === b.array;
}

/** What a value of a domain is without it. Its base type's length is not known to hold: PostgreSQL checks it again. */
function opened(type: TypeName, context: EffectContext): TypeName {
  const base = domainBase(type, context);
  return base === null ? type : { ...opened(base, context), modifiers: null };
}

/** What a value must be to become the type; null when each must be checked, or when nothing is known of the type. */
function entered(type: TypeName, context: EffectContext): TypeName | null {
  if (type.schema === "pg_catalog" || isOfExtension(type) || type.array) return type;
  const known = userType(type, context.catalog);
  if (known === null) return null;
  if (known.kind !== "domain") return type;
  const base = known.constrained || known.base === null ? null : typeName(known.base);
  return base === null ? null : entered(base, context);
}

function domainBase(type: TypeName, { catalog }: EffectContext): TypeName | null {
  const known = type.array ? null : userType(type, catalog);
  return known?.kind === "domain" && known.base !== null ? typeName(known.base) : null;
}

/** Each value is checked by the domain's constraints; of a type that is not known anything may be asked. */
function checkedType(old: TypeName, to: TypeName, context: EffectContext, automatic: boolean): TypeChange {
  const base = domainBase(to, context);
  if (base !== null) return rewritten(old, opened(base, context), context, automatic);
  return { ...WRITTEN, assumes: [`type ${to.name} is taken for one with values of another form`] };
}

function between(old: TypeName, next: TypeName, context: EffectContext, automatic: boolean): TypeChange {
  if (isZoneChange(old, next)) return zoneChange(old, next, context);
  const plain = next.modifiers === null || onlyFull(next);
  if (isText(old) && next.name === "citext" && plain) return { ...FREE, indexesKept: false };
  if (old.name === "citext" && isText(next) && plain) return { ...FREE, indexesKept: false };
  const own = old.schema === "pg_catalog" && next.schema === "pg_catalog";
  if (own && isBinary(old.name, next.name) && plain) return { ...FREE, indexesKept: sameOperators(old, next) };
  return rewritten(old, next, context, automatic);
}

function isText(type: TypeName): boolean {
  return type.schema === "pg_catalog" && (type.name === "text" || type.name === "varchar");
}

function isZoneChange(a: TypeName, b: TypeName): boolean {
  const names = [a.name, b.name].sort().join();
  return names === "timestamp,timestamptz" && a.schema === "pg_catalog" && b.schema === "pg_catalog";
}

/** Modifiers that leave out nothing that any value of the type has. */
function onlyFull(type: TypeName): boolean {
  return modifiersKeep(type, null, type.modifiers);
}

/** Zones that never differ from UTC, as far as their name tells. */
const UTC = /^(utc|gmt|zulu|uct|etc\/(utc|gmt|uct|zulu|greenwich|universal)|greenwich|universal|\+?-?0+(:00)?)$/i;

/** What is taken of a session whose zone no file sets. */
export const OTHER_ZONE = "the session's TimeZone is another one than UTC";

/** The same instant has the same bytes in both types exactly when the session's zone is UTC. */
function zoneChange(_old: TypeName, next: TypeName, { settings }: EffectContext): TypeChange {
  const zone = settings?.timezone;
  if (zone === undefined) return { ...WRITTEN, assumes: [OTHER_ZONE] };
  if (!UTC.test(zone)) return WRITTEN;
  const keeps = next.modifiers === null || onlyFull(next);
  return keeps ? { ...FREE, indexesKept: false } : WRITTEN;
}

function rewritten(old: TypeName, next: TypeName, context: EffectContext, automatic: boolean): TypeChange {
  return { ...WRITTEN, impossible: automatic && canBecome(old, next, context) === false };
}

/** Whether values become the other type without USING; null where that is not known. */
function canBecome(old: TypeName, next: TypeName, context: EffectContext): boolean | null {
  if (!next.array && (isString(next) || next.name === "citext")) return true;
  if (old.array && next.array) return canBecome({ ...old, array: false }, { ...next, array: false }, context);
  if (old.array !== next.array) return false;
  if (sameType(old, next)) return true;
  const own = [old, next].filter((t) => t.schema === "pg_catalog").length === 2;
  if (own) return isAssignable(old.name, next.name);
  return [old, next].every((t) => isKnown(t, context)) ? false : null;
}

function isString(type: TypeName): boolean {
  return type.schema === "pg_catalog" && isAssignable("", type.name);
}

function isKnown(type: TypeName, { catalog }: EffectContext): boolean {
  return type.schema === "pg_catalog" || type.name === "citext" || userType(type, catalog)?.kind === "enum";
}

/** Types whose indexes go by the same operators. */
const OPERATORS: readonly ReadonlySet<string>[] = [new Set(["text", "varchar"]), new Set(["cidr", "inet"])];

function sameOperators(a: TypeName, b: TypeName): boolean {
  return OPERATORS.some((family) => family.has(a.name) && family.has(b.name));
}
