import type { Catalog } from "../../../../model/catalog.js";
import type { AlterObject } from "../../../../model/detail/object.js";
import type { Effect } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { type EffectContext, findTable } from "../../../engine.js";
import { lock } from "../locks.js";
import { sameRelation } from "../relations.js";
import { broken, type Subject } from "../subject.js";
import { type TypeName, typeName, userType } from "../type-names.js";

/** ALTER DOMAIN: what every value must satisfy is checked in each table that has one, while writes wait. */
export function domainEffect(detail: AlterObject, { context }: Subject): Effect {
  const words = detail.changes.join(" ");
  const adds = /\bADD CONSTRAINT\b/.test(words) && !/\bNOT VALID\b/.test(words);
  const checks = adds || /\b(SET NOT NULL|VALIDATE CONSTRAINT)\b/.test(words);
  const narrows = /\bADD CONSTRAINT\b|\bSET NOT NULL\b/.test(words);
  const enforces = narrows && detail.name !== null ? { enforces: [`the constraints of ${show(detail.name)}`] } : {};
  if (words === "DROP DEFAULT" && detail.name !== null) return withoutDefault(detail.name, context);
  if (!checks || detail.name === null) return effect(enforces);
  const users = tablesWith(detail.name, context);
  const name = show(detail.name);
  return effect({
    locks: users.map((r) => lock(r, "SHARE", "scan")),
    scan: users.length > 0 || !context.catalog.complete,
    fails:
      users.length > 0 || !context.catalog.complete
        ? `it fails where a value of ${name} violates it (23514, 23502)`
        : null,
    ...enforces,
    assumes: context.catalog.complete
      ? []
      : [`every table with a column of ${name} is locked against writes and read: not all are known`],
  });
}

/** Columns without a default of their own get NULL from now on. */
function withoutDefault(domain: RelationName, context: EffectContext): Effect {
  const { catalog } = context;
  if (typeOf(domain, catalog)?.default === null) return effect({});
  const columns = tablesWith(domain, context)
    .flatMap((r) => findTable(catalog, r)?.columns ?? [])
    .filter((c) => c.default === null && isOver(typeName(c.type), domain, context));
  if (columns.length === 0 && catalog.complete) return effect({});
  const fails = columns.length === 0 || columns.some((c) => c.notNull);
  const inserting = `an INSERT that does not name a column of ${show(domain)} writes NULL`;
  return effect({
    breaks: [broken("writes", fails ? `${inserting}, which fails where that is NOT NULL (23502)` : inserting)],
    assumes: catalog.complete ? [] : [`columns of ${show(domain)} have no default of their own: not all are known`],
  });
}

const typeOf = ({ schema, name }: RelationName, catalog: Catalog) =>
  userType({ schema, name, modifiers: null, array: false }, catalog);

/** The tables with a column of a domain, or of one that is over it. */
function tablesWith(domain: RelationName, context: EffectContext): RelationName[] {
  const { tables } = context.catalog;
  return tables.filter((t) => t.columns.some((c) => isOver(typeName(c.type), domain, context))).map((t) => t.relation);
}

function isOver(type: TypeName | null, domain: RelationName, context: EffectContext): boolean {
  const known = type === null ? null : userType(type, context.catalog);
  if (type === null) return false;
  if (known === null)
    return (
      type.schema !== "pg_catalog" && sameRelation(context.catalog, { schema: type.schema, name: type.name }, domain)
    );
  if (sameRelation(context.catalog, known.relation, domain)) return true;
  return known.base !== null && isOver(typeName(known.base), domain, context);
}
