import type { StoredObject } from "../../../../model/catalog.js";
import type { ObjectType } from "../../../../model/detail/object.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type StrategyContext, sameRelation } from "../../../engine.js";
import { quote, quoteRelation } from "../../names.js";
import { HANGING, WORDS } from "./words.js";

/** Which object an operation is about. */
export interface Named {
  readonly object: ObjectType;
  readonly name: RelationName;
  /** The table that it hangs on. */
  readonly on: RelationName | null;
}

const WITHOUT_SCHEMA: ReadonlySet<ObjectType> = new Set<ObjectType>([
  "extension",
  "foreign-server",
  "publication",
  "role",
  "schema",
]);

const whole = ({ schema, name }: RelationName, context: StrategyContext): RelationName => ({
  schema: schema ?? context.catalog.defaultSchema,
  name,
});

/** The object of an operation, with its schema; null where the statement does not name it. */
export function namedBy(
  { object, name }: { readonly object: ObjectType; readonly name: RelationName | null },
  operation: OtherOperation,
  context: StrategyContext,
): Named | null {
  if (name === null) return null;
  if (HANGING.has(object))
    return operation.relation === null ? null : { object, name, on: whole(operation.relation, context) };
  return { object, name: WITHOUT_SCHEMA.has(object) ? name : whole(name, context), on: null };
}

/** `VIEW "public"."v"`, `TRIGGER "t" ON "public"."a"`; of a routine without its parameters. */
export function addressOf({ object, name, on }: Named): string {
  if (on !== null) return `${WORDS[object]} ${quote(name.name)} ON ${quoteRelation(on)}`;
  return `${WORDS[object]} ${WITHOUT_SCHEMA.has(object) ? quote(name.name) : quoteRelation(name)}`;
}

/** For people: `public.v`, `t on public.a`. */
export function shownName({ name, on }: Named): string {
  return on === null ? show(name) : `${name.name} on ${show(on)}`;
}

/** True where the database has said what there is. */
export const objectsKnown = (context: StrategyContext): boolean => context.catalog.objects !== undefined;

/** All that there is, or was before an earlier statement dropped it, of this name: routines may share one. */
function allNamed(named: Named, context: StrategyContext): readonly StoredObject[] {
  const same = (a: RelationName, b: RelationName) => sameRelation(a, b, context.catalog.defaultSchema);
  const isIt = (o: StoredObject) =>
    o.object === named.object &&
    (named.on === null
      ? same(o.name, named.name)
      : o.name.name === named.name.name && o.on !== null && same(o.on, named.on));
  return (context.catalog.objects ?? []).filter(isIt);
}

/** All that the database has of this name. */
export const storedAs = (named: Named, context: StrategyContext): readonly StoredObject[] =>
  allNamed(named, context).filter((o) => o.gone !== true);

/** What an earlier statement has dropped. */
export const droppedAs = (named: Named, context: StrategyContext): StoredObject | null =>
  allNamed(named, context).find((o) => o.gone === true) ?? null;

/** What the gate `dependents` calls it: with and without its schema, and each in quotes where the server writes them. */
export function gateNames({ object, name }: Named): readonly string[] {
  const own = [name.name, quote(name.name)];
  const { schema } = name;
  const whole = schema === null ? [] : [schema, quote(schema)].flatMap((s) => own.map((n) => `${s}.${n}`));
  return [...own, ...whole].map((n) => `${object.replace("-", " ")} ${n}`);
}

/** What the database has of this name; null for nothing, or for several. */
export function storedOf(named: Named, context: StrategyContext): StoredObject | null {
  const [one, second] = storedAs(named, context);
  return second === undefined ? (one ?? null) : null;
}
