import { BROUGHT_TRIGGER } from "../engines/postgres/trigger-functions.js";
import type { CreateObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { ObjectDetail } from "../model/operation-detail.js";
import { applyEvent } from "./events.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { filtered, get, set, without } from "./persistent-map.js";
import { BROUGHT, bareName, CLASSES, routineName, SOME } from "./routine-names.js";
import { qualified } from "./session.js";

/**
 * What is known of functions' volatility behind a change of one. Functions share their names: one of them that is
 * volatile, or was changed, makes the name uncertain.
 */
export function applyFunction(known: Known, detail: ObjectDetail): Known {
  if (!("object" in detail)) return known;
  if (detail.object === "schema" && detail.kind !== "create-object") return withoutSchema(known, detail.name);
  if (detail.object === "database" && detail.kind !== "create-object") return withoutDatabase(known, detail.name);
  if (detail.object === "event") return applyEvent(known, detail);
  if (detail.object === "extension") return withExtension(known, detail.name?.name ?? "");
  // A cast, an operator class: values get into other types, and indexes over them, than by PostgreSQL's own.
  if (detail.object === "other" && detail.kind === "create-object") return withKey(known, CLASSES);
  if (detail.kind === "create-object" && detail.trigger?.calls !== undefined)
    return withCalled(known, detail.trigger.calls);
  const routine = detail.object === "function" || detail.object === "procedure" || detail.object === "aggregate";
  if (!routine || detail.name === null) return known;
  const named = withRights(withName(known, detail, detail.name), detail, detail.name);
  if (detail.kind === "create-object") return created(named, detail, detail.name);
  return named.steady.size === 0 ? named : withSteady(named, detail.name, false);
}

/**
 * What names of routines files have made. One that is dropped leaves its name to others that take something else on
 * PostgreSQL, and to nobody elsewhere.
 */
function withName(known: Known, detail: Extract<ObjectDetail, { readonly object: string }>, name: RelationName): Known {
  const key = routineName(known, detail.object, qualified(known, name));
  if (detail.kind === "drop-object" && known.dialect !== undefined)
    return { ...known, routineNames: without(known.routineNames, key) };
  const other =
    detail.kind === "rename-object"
      ? [routineName(known, detail.object, qualified(known, { ...name, name: detail.to }))]
      : [];
  const all = [
    key,
    ...other,
    SOME,
    bareName(name),
    ...(detail.kind === "rename-object" ? [bareName({ ...name, name: detail.to })] : []),
  ];
  return all.reduce(withKey, known);
}

/** The server takes a trigger of a function that is there: where no file has made that, others are made elsewhere, too. */
function withCalled(known: Known, calls: RelationName): Known {
  const isOwn = calls.schema === null || calls.schema === known.defaultSchema;
  const isMade = BROUGHT_TRIGGER.test(calls.name) || get(known.routineNames, bareName(calls)) === true;
  return isMade || !isOwn ? known : withKey(known, BROUGHT);
}

/** Whose rights a routine has (MySQL, MariaDB): its definer's, unless it says otherwise. */
function withRights(
  known: Known,
  detail: Extract<ObjectDetail, { readonly object: string }>,
  name: RelationName,
): Known {
  if (known.dialect === undefined) return known;
  const key = routineName(known, detail.object, qualified(known, name));
  if (detail.kind === "create-object" && !detail.ifNotExists)
    return { ...known, invokers: set(known.invokers, key, detail.options?.includes("sql_security_invoker") === true) };
  if (detail.kind === "drop-object") return { ...known, invokers: without(known.invokers, key) };
  const said =
    detail.kind === "alter-object" ? detail.changes.find((word) => word.startsWith("SQL SECURITY")) : undefined;
  return said === undefined ? known : { ...known, invokers: set(known.invokers, key, said.endsWith("INVOKER")) };
}

const withKey = (known: Known, key: string): Known => ({ ...known, routineNames: set(known.routineNames, key, true) });

/** Extensions whose functions no trigger calls (PostgreSQL). */
const BRINGS_NONE: ReadonlySet<string> = new Set(
  "plpgsql pgcrypto uuid-ossp citext pg_trgm hstore btree_gin btree_gist unaccent pg_stat_statements intarray ltree vector".split(
    " ",
  ),
);

/** Their operator classes are of types of their own, or none that is taken by itself. */
const BRINGS_NO_CLASSES: ReadonlySet<string> = new Set(
  "plpgsql pgcrypto uuid-ossp citext pg_trgm hstore unaccent pg_stat_statements ltree vector".split(" "),
);

function withExtension(known: Known, name: string): Known {
  const named = BRINGS_NONE.has(name) ? known : withKey(known, BROUGHT);
  return BRINGS_NO_CLASSES.has(name) ? named : withKey(named, CLASSES);
}

function withoutSchema(known: Known, schema: RelationName | null): Known {
  if (known.steady.size === 0) return known;
  const isElsewhere = (key: string) => schema !== null && !key.startsWith(`${schema.name}\0`);
  return { ...known, steady: filtered(known.steady, isElsewhere) };
}

/** What a database had goes with it (MySQL, MariaDB). */
function withoutDatabase(known: Known, database: RelationName | null): Known {
  if (known.dialect === undefined || database === null) return known;
  const isElsewhere = (key: string) => key.split("\0")[1] !== database.name;
  return { ...known, routineNames: filtered(known.routineNames, isElsewhere) };
}

function created(known: Known, { steady }: CreateObject, name: RelationName): Known {
  const before = get(known.steady, keyOf(known, qualified(known, name)));
  return withSteady(known, name, steady === true && before !== false);
}

/** A name stays uncertain: which of its functions an expression calls is not worked out. */
const withSteady = (known: Known, name: RelationName, steady: boolean): Known => ({
  ...known,
  steady: set(known.steady, keyOf(known, qualified(known, name)), steady),
});
