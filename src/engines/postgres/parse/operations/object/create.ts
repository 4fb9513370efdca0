import type { DefineStmt } from "libpg-query";
import type { CreateObject, ObjectType } from "../../../../../model/detail/object.js";
import type { RelationName } from "../../../../../model/name.js";
import type { Span } from "../../../../../model/span.js";
import { bodies, relationFrom, relationOf, strings } from "../../ast.js";
import { columnsOfTree } from "../../column-refs.js";
import { isSet } from "../../def-elem.js";
import { callsIn, relationsIn } from "../../relations.js";
import { findKeyword, type Run, type Source, spanOf, tokenAt } from "../../source.js";
import type { Reading } from "../context.js";
import { one, type Part, type PartReader, reader } from "../part.js";
import { columnUses } from "./column-uses.js";
import { showsEveryRow } from "./every-row.js";
import { objectKind } from "./name.js";
import { publicationShape, publishedTables } from "./publication.js";
import { outputTypes } from "./view-output-types.js";
import { starredOutputs, viewOutputs } from "./view-outputs.js";
import { checkOf, viewShape } from "./view-shape.js";

/** What CREATE makes, where nothing but its name matters. */
export function created(
  object: ObjectType,
  name: RelationName | null,
  more: Partial<Omit<CreateObject, "kind" | "object" | "name">> = {},
): CreateObject {
  const plain = { orReplace: false, ifNotExists: false, definer: null, body: null, trigger: null };
  return Object.freeze({ kind: "create-object", object, name, ...plain, reads: Object.freeze([]), ...more });
}

/** Something that has a name of one part. */
export function plainName(name: string | undefined): RelationName | null {
  return name === undefined ? null : Object.freeze({ schema: null, name });
}

/** CREATE of what is no table, index, type, trigger or routine. */
export const CREATE_READERS: readonly (readonly [string, PartReader])[] = [
  reader("ViewStmt", (stmt, reading) => {
    const view = relationOf(stmt.view ?? {});
    const body = behindKeyword(reading, stmt.view?.location, "AS");
    const query = queried(stmt.query);
    const read = viewShape(stmt.query, checkOf(stmt));
    const outputs = viewOutputs(stmt.query, read, stmt.aliases);
    const types = outputTypes(stmt.query);
    const starred = outputs === null ? starredOutputs(stmt.query, stmt.aliases) : null;
    const shown = starred === null ? query : { ...query, starred };
    const named = outputs === null ? shown : { ...query, outputs, ...(types === null ? {} : { outputTypes: types }) };
    const on = SECURITY.filter((name) => isSet(bodies(stmt.options, "DefElem"), name));
    const options = on.length === 0 ? {} : { options: Object.freeze(on) };
    const whole = showsEveryRow(stmt) ? { everyRow: true } : {};
    const shaped = read === null ? {} : { shape: read.shape };
    const own = stmt.view?.relpersistence === "t" ? { temporary: true as const } : {};
    const how = { orReplace: stmt.replace ?? false, body, ...named, ...shaped, ...whole, ...options, ...own };
    return one(view, created("view", view, how));
  }),
  reader("CreateTableAsStmt", (stmt, reading) => {
    const view = relationOf(stmt.into?.rel ?? {});
    const body = behindKeyword(reading, stmt.into?.rel?.location, "AS");
    const withData = stmt.into?.skipData === true ? { withData: false } : {};
    const ifNotExists = stmt.if_not_exists ?? false;
    const read = viewShape(stmt.query);
    const outputs = viewOutputs(stmt.query, read, stmt.into?.colNames);
    const named = { ...(outputs && { outputs }), ...(read && { shape: read.shape }) };
    const how = { ifNotExists, body, ...queried(stmt.query), ...named, ...withData };
    return one(view, created("materialized-view", view, how));
  }),
  reader("CreateSeqStmt", (stmt) => {
    const sequence = relationOf(stmt.sequence ?? {});
    const temporary = stmt.sequence?.relpersistence === "t" ? { temporary: true as const } : {};
    const owned = bodies(stmt.options, "DefElem").some(({ defname }) => defname === "owned_by");
    const how = { ifNotExists: stmt.if_not_exists ?? false, ...temporary, ...(owned ? { owned: true as const } : {}) };
    return one(sequence, created("sequence", sequence, how));
  }),
  reader("CreateExtensionStmt", (stmt) =>
    one(null, created("extension", plainName(stmt.extname), { ifNotExists: stmt.if_not_exists ?? false })),
  ),
  reader("CreatePublicationStmt", (stmt) =>
    one(
      null,
      created("publication", plainName(stmt.pubname), {
        reads: publishedTables(stmt.pubobjects),
        publishes: publicationShape(stmt),
      }),
    ),
  ),
  reader("CreateSubscriptionStmt", (stmt) => one(null, created("subscription", plainName(stmt.subname)))),
  reader("CreateStatsStmt", (stmt) => {
    const [table] = bodies(stmt.relations, "RangeVar").map(relationOf);
    const name = stmt.defnames === undefined ? null : relationFrom(strings(stmt.defnames));
    return one(table ?? null, created("statistics", name, { ifNotExists: stmt.if_not_exists ?? false }));
  }),
  reader("CreateForeignTableStmt", (stmt) => {
    const table = relationOf(stmt.base?.relation ?? {});
    return one(table, created("foreign-table", table, { ifNotExists: stmt.base?.if_not_exists ?? false }));
  }),
  reader("CreateRoleStmt", (stmt) => one(null, created("role", plainName(stmt.role)))),
  reader("CreatedbStmt", (stmt) => one(null, created("database", plainName(stmt.dbname)))),
  reader("CreateTableSpaceStmt", (stmt) => one(null, created("tablespace", plainName(stmt.tablespacename)))),
  reader("CreateForeignServerStmt", (stmt) => one(null, created("foreign-server", plainName(stmt.servername)))),
  reader("ImportForeignSchemaStmt", () => one(null, created("foreign-table", null))),
  ...nameless([
    "CreateAmStmt",
    "CreateCastStmt",
    "CreateConversionStmt",
    "CreateEventTrigStmt",
    "CreateFdwStmt",
    "CreateOpClassStmt",
    "CreateOpFamilyStmt",
    "CreatePLangStmt",
    "CreateTransformStmt",
    "CreateUserMappingStmt",
  ]),
  reader("DefineStmt", defined),
];

/** Options of a view that say whose rights count, and who sees which rows. */
const SECURITY = ["security_invoker", "security_barrier"];

/** What a view's query names. */
function queried(query: unknown): Pick<CreateObject, "reads" | "columns" | "uses" | "calls"> {
  const calls = callsIn(query);
  const uses = columnUses(query);
  const told = uses === null ? {} : { uses };
  return {
    reads: Object.freeze(relationsIn(query)),
    columns: Object.freeze(columnsOfTree(query)),
    ...told,
    ...(calls.length === 0 ? {} : { calls: Object.freeze(calls) }),
  };
}

type Nameless =
  | "CreateAmStmt"
  | "CreateCastStmt"
  | "CreateConversionStmt"
  | "CreateEventTrigStmt"
  | "CreateFdwStmt"
  | "CreateOpClassStmt"
  | "CreateOpFamilyStmt"
  | "CreatePLangStmt"
  | "CreateTransformStmt"
  | "CreateUserMappingStmt";

/** Things that the model has no word for. */
function nameless(kinds: readonly Nameless[]): (readonly [string, PartReader])[] {
  return kinds.map((kind) => reader(kind, () => one(null, created("other", null))));
}

/** CREATE AGGREGATE, COLLATION, OPERATOR, TEXT SEARCH ..., and TYPE with its functions. */
function defined(stmt: DefineStmt): readonly Part[] {
  const name = stmt.defnames === undefined ? null : relationFrom(strings(stmt.defnames));
  const how = { orReplace: stmt.replace ?? false, ifNotExists: stmt.if_not_exists ?? false };
  const type = { kind: "base", base: null, constrained: false, values: Object.freeze([]) } as const;
  const made = stmt.kind === "OBJECT_TYPE" ? { ...how, type: Object.freeze(type) } : how;
  return one(null, created(objectKind(stmt.kind), name, made));
}

/** What stands behind the first such keyword behind a name; null when there is none. */
export function behindKeyword({ source, run }: Reading, location: number | undefined, keyword: string): Span | null {
  const from = location === undefined ? run.from : tokenAt(source.tokens, source.at(location)) + 1;
  const at = findKeyword(source, { from, to: run.to }, keyword);
  return at === null ? null : frozenSpan(source, { from: at + 1, to: run.to });
}

function frozenSpan(source: Source, run: Run): Span {
  return Object.freeze(spanOf(source, run));
}
