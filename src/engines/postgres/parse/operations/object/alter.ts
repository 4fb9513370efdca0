import type {
  AlterDatabaseStmt,
  AlterDomainStmt,
  AlterEnumStmt,
  AlterObjectSchemaStmt,
  AlterRoleStmt,
  DefElem,
  Node,
  VariableSetStmt,
} from "libpg-query";
import type { AlterObject, ObjectType } from "../../../../../model/detail/object.js";
import type { RelationName } from "../../../../../model/name.js";
import { bodies, body, relationFrom, relationOf, strings } from "../../ast.js";
import { isSet, optionValue, roleName } from "../../def-elem.js";
import { findKeyword, textOf } from "../../source.js";
import { ownPath, setPath } from "../code/own-path.js";
import { takenTypes } from "../code/routine-shape.js";
import type { Reading } from "../context.js";
import { one, type Part, type PartReader, reader } from "../part.js";
import { plainName } from "./create.js";
import { objectKind, objectName } from "./name.js";
import { policyChange } from "./policy-shape.js";
import { publicationShape, publishedTables } from "./publication.js";

/** What ALTER says of something that is no table. */
function altered(
  object: ObjectType,
  name: RelationName | null,
  changes: readonly string[],
  more: Partial<
    Pick<AlterObject, "ifExists" | "values" | "reads" | "publishes" | "takes" | "path" | "policy" | "default">
  > = {},
): AlterObject {
  const plain = { ifExists: false, changes: Object.freeze(changes), body: null, reads: Object.freeze([]) };
  return { kind: "alter-object", object, name, ...plain, ...more };
}

/** What later sessions begin with. */
function sessionSetting(set: VariableSetStmt | undefined): Pick<AlterObject, "values" | "path"> {
  const path = setPath(set);
  return { values: settingName(set?.name), ...(path === undefined ? {} : { path }) };
}

/** ALTER of what is no table and does not share its grammar. */
export const ALTER_READERS: readonly (readonly [string, PartReader])[] = [
  reader("AlterEnumStmt", alterEnum),
  reader("AlterDomainStmt", alterDomain),
  reader("AlterObjectSchemaStmt", setSchema),
  reader("AlterOwnerStmt", (stmt) => {
    const values = Object.freeze([roleName(stmt.newowner)]);
    const name = stmt.relation === undefined ? objectName(stmt.object) : relationOf(stmt.relation);
    return one(null, altered(objectKind(stmt.objectType), name, ["OWNER TO"], { values }));
  }),
  reader("AlterSeqStmt", (stmt) => {
    const sequence = relationOf(stmt.sequence ?? {});
    const ifExists = stmt.missing_ok ?? false;
    return one(sequence, altered("sequence", sequence, sequenceWords(stmt.options), { ifExists }));
  }),
  reader("AlterTypeStmt", (stmt) =>
    one(null, altered("type", relationFrom(strings(stmt.typeName)), ["SET", ...optionWords(stmt.options)])),
  ),
  reader("AlterFunctionStmt", (stmt) => {
    const takes = takenTypes(stmt.func === undefined ? undefined : { ObjectWithArgs: stmt.func });
    const path = ownPath(stmt.actions);
    const how = { ...(takes === null ? {} : { takes }), ...(path === undefined ? {} : { path }) };
    const values = settingsOf(stmt.actions);
    const name = routineName(stmt.func?.objname);
    return one(null, altered(objectKind(stmt.objtype), name, routineWords(stmt.actions), { values, ...how }));
  }),
  reader("AlterExtensionStmt", (stmt) => one(null, altered("extension", plainName(stmt.extname), ["UPDATE"]))),
  reader("AlterExtensionContentsStmt", (stmt) =>
    one(null, altered("extension", plainName(stmt.extname), [(stmt.action ?? 0) > 0 ? "ADD" : "DROP"])),
  ),
  reader("AlterPublicationStmt", (stmt) => {
    const reads = publishedTables(stmt.pubobjects);
    const verb = reads.length > 0 || stmt.pubobjects !== undefined ? VERBS[stmt.action ?? ""] : undefined;
    const changes = verb === undefined ? optionWords(stmt.options) : [verb];
    const publishes = verb === "DROP" ? {} : { publishes: publicationShape(stmt) };
    return one(null, altered("publication", plainName(stmt.pubname), changes, { reads, ...publishes }));
  }),
  reader("AlterPolicyStmt", (stmt) =>
    one(
      relationOf(stmt.table ?? {}),
      altered("policy", plainName(stmt.policy_name), [], { policy: policyChange(stmt) }),
    ),
  ),
  reader("AlterSubscriptionStmt", (stmt) => {
    const changes = [(stmt.kind ?? "").replace("ALTER_SUBSCRIPTION_", "").replaceAll("_", " ")];
    return one(null, altered("subscription", plainName(stmt.subname), changes));
  }),
  reader("AlterRoleStmt", (stmt) => one(null, altered("role", plainName(roleName(stmt.role)), roleWords(stmt)))),
  reader("AlterRoleSetStmt", (stmt) =>
    one(null, altered("role", plainName(roleName(stmt.role)), ["SET"], sessionSetting(stmt.setstmt))),
  ),
  reader("AlterDatabaseStmt", (stmt) => one(null, altered("database", plainName(stmt.dbname), databaseWords(stmt)))),
  reader("AlterDatabaseSetStmt", (stmt) =>
    one(null, altered("database", plainName(stmt.dbname), ["SET"], sessionSetting(stmt.setstmt))),
  ),
  reader("AlterDatabaseRefreshCollStmt", (stmt) =>
    one(null, altered("database", plainName(stmt.dbname), ["REFRESH COLLATION VERSION"])),
  ),
  reader("AlterCollationStmt", (stmt) =>
    one(null, altered("collation", relationFrom(strings(stmt.collname)), ["REFRESH VERSION"])),
  ),
  reader("AlterStatsStmt", (stmt) =>
    one(null, altered("statistics", relationFrom(strings(stmt.defnames)), ["SET STATISTICS"])),
  ),
  reader("AlterForeignServerStmt", (stmt) =>
    one(null, altered("foreign-server", plainName(stmt.servername), ["OPTIONS"])),
  ),
  reader("AlterTableSpaceOptionsStmt", (stmt) =>
    one(null, altered("tablespace", plainName(stmt.tablespacename), ["SET"])),
  ),
  reader("AlterObjectDependsStmt", (stmt) =>
    one(null, altered(objectKind(stmt.objectType), objectName(stmt.object), ["DEPENDS ON EXTENSION"])),
  ),
  ...(
    [
      "AlterEventTrigStmt",
      "AlterFdwStmt",
      "AlterOpFamilyStmt",
      "AlterOperatorStmt",
      "AlterTSConfigurationStmt",
      "AlterTSDictionaryStmt",
      "AlterUserMappingStmt",
    ] as const
  ).map((kind) => reader(kind, () => one(null, altered("other", null, [])))),
];

const VERBS: Readonly<Record<string, string>> = Object.freeze({
  AP_AddObjects: "ADD",
  AP_DropObjects: "DROP",
  AP_SetObjects: "SET",
});

/** The options' names in the words of SQL: `OWNED BY`, `RESTART`. */
function optionWords(options: readonly Node[] | undefined): string[] {
  return bodies(options, "DefElem").map((o: DefElem) => (o.defname ?? "").replaceAll("_", " ").toUpperCase());
}

/** `OWNED BY NONE` is one word, and so are `INCREMENT BY` of a number below 0, `MAXVALUE 1000` and `AS int4`. */
function sequenceWords(options: readonly Node[] | undefined): string[] {
  const elements = bodies(options, "DefElem");
  return optionWords(options).map((word, at) => {
    const owner = strings(body(elements[at]?.arg, "List")?.items);
    const number = body(elements[at]?.arg, "Integer")?.ival ?? body(elements[at]?.arg, "Float")?.fval;
    if (word === "INCREMENT" && Number(number ?? 0) < 0) return `INCREMENT BY ${number}`;
    if (word === "MAXVALUE" && number !== undefined) return `MAXVALUE ${number}`;
    if (word === "AS") return `AS ${strings(body(elements[at]?.arg, "TypeName")?.names).at(-1) ?? ""}`;
    return word === "OWNED BY" && owner.length === 1 && owner[0] === "none" ? "OWNED BY NONE" : word;
  });
}

function routineWords(actions: readonly Node[] | undefined): string[] {
  const elements = bodies(actions, "DefElem");
  const security = isSet(elements, "security") ? "SECURITY DEFINER" : "SECURITY INVOKER";
  return optionWords(actions).map((word) => (word === "SECURITY" ? security : word));
}

/** Options that a role, or a database, has or has not, in the words of SQL. */
const SWITCHED: Readonly<Record<string, readonly [on: string, off: string]>> = Object.freeze({
  allow_connections: ["ALLOW_CONNECTIONS true", "ALLOW_CONNECTIONS false"],
  bypassrls: ["BYPASSRLS", "NOBYPASSRLS"],
  canlogin: ["LOGIN", "NOLOGIN"],
  createdb: ["CREATEDB", "NOCREATEDB"],
  createrole: ["CREATEROLE", "NOCREATEROLE"],
  inherit: ["INHERIT", "NOINHERIT"],
  isreplication: ["REPLICATION", "NOREPLICATION"],
  superuser: ["SUPERUSER", "NOSUPERUSER"],
});

/** What ALTER ROLE says; of a password never more than that there is one. */
function roleWords({ options, action }: AlterRoleStmt): string[] {
  return bodies(options, "DefElem").map((option) => {
    const value = optionValue(option);
    switch (option.defname) {
      case "password":
        return value === null ? "PASSWORD NULL" : "PASSWORD";
      case "validUntil":
        return `VALID UNTIL ${value ?? ""}`;
      case "rolemembers":
        return (action ?? 0) < 0 ? "DROP USER" : "ADD USER";
      default:
        return switchedWord(option, options);
    }
  });
}

function databaseWords({ options }: AlterDatabaseStmt): string[] {
  return bodies(options, "DefElem").map((option) => switchedWord(option, options));
}

function switchedWord(option: DefElem, options: readonly Node[] | undefined): string {
  const name = option.defname ?? "";
  if (name === "connectionlimit" || name === "connection_limit") return `CONNECTION LIMIT ${optionValue(option) ?? ""}`;
  const words = SWITCHED[name];
  if (words === undefined) return name.replaceAll("_", " ").toUpperCase();
  return isSet(bodies(options, "DefElem"), name) ? words[0] : words[1];
}

/** The settings that a routine runs with from then on. */
function settingsOf(actions: readonly Node[] | undefined): readonly string[] {
  const all = bodies(actions, "DefElem").filter(({ defname }) => defname === "set");
  return Object.freeze(all.flatMap(({ arg }) => settingName(body(arg, "VariableSetStmt")?.name)));
}

function settingName(name: string | undefined): readonly string[] {
  return Object.freeze(name === undefined ? [] : [name.toLowerCase()]);
}

function routineName(parts: readonly Node[] | undefined): RelationName | null {
  const names = strings(parts);
  return names.length === 0 ? null : relationFrom(names);
}

function alterEnum(stmt: AlterEnumStmt): readonly Part[] {
  const name = relationFrom(strings(stmt.typeName));
  const value = stmt.newVal ?? "";
  if (stmt.oldVal !== undefined) {
    return one(null, altered("type", name, ["RENAME VALUE"], { values: Object.freeze([stmt.oldVal, value]) }));
  }
  const place = stmt.newValNeighbor === undefined ? [] : [stmt.newValIsAfter === true ? "AFTER" : "BEFORE"];
  const once = stmt.skipIfNewValExists === true ? ["IF NOT EXISTS"] : [];
  return one(null, altered("type", name, ["ADD VALUE", ...once, ...place], { values: Object.freeze([value]) }));
}

const DOMAIN: Readonly<Record<string, string>> = Object.freeze({
  N: "DROP NOT NULL",
  O: "SET NOT NULL",
  X: "DROP CONSTRAINT",
  V: "VALIDATE CONSTRAINT",
});

function alterDomain(stmt: AlterDomainStmt, { source, run }: Reading): readonly Part[] {
  const name = relationFrom(strings(stmt.typeName));
  const constraint = body(stmt.def, "Constraint");
  const named = stmt.name ?? constraint?.conname;
  const values = Object.freeze(named === undefined ? [] : [named]);
  const cascade = stmt.behavior === "DROP_CASCADE" ? ["CASCADE"] : [];
  const ifExists = stmt.missing_ok ?? false;
  const keyword = stmt.subtype === "T" && stmt.def !== undefined ? findKeyword(source, run, "DEFAULT") : null;
  const setTo = keyword === null ? {} : { default: textOf(source, { from: keyword + 1, to: run.to }) };
  return one(null, altered("domain", name, [...domainChanges(stmt), ...cascade], { values, ifExists, ...setTo }));
}

function domainChanges(stmt: AlterDomainStmt): string[] {
  if (stmt.subtype === "T") return [stmt.def === undefined ? "DROP DEFAULT" : "SET DEFAULT"];
  if (stmt.subtype !== "C") return [DOMAIN[stmt.subtype ?? ""] ?? ""];
  const constraint = body(stmt.def, "Constraint");
  const kind = constraint?.contype === "CONSTR_NOTNULL" ? ["NOT NULL"] : ["CHECK"];
  return ["ADD CONSTRAINT", ...kind, ...(constraint?.skip_validation === true ? ["NOT VALID"] : [])];
}

/** A table in another schema is a table with another name. */
function setSchema(stmt: AlterObjectSchemaStmt): readonly Part[] {
  const schema = stmt.newschema ?? "";
  const ifExists = stmt.missing_ok ?? false;
  const relation = stmt.relation === undefined ? null : relationOf(stmt.relation);
  if (relation !== null && stmt.objectType === "OBJECT_TABLE") {
    const to = Object.freeze({ schema, name: relation.name });
    return one(relation, { kind: "rename-table", to, ifExists });
  }
  const name = relation ?? objectName(stmt.object);
  const values = Object.freeze([schema]);
  return one(relation, altered(objectKind(stmt.objectType), name, ["SET SCHEMA"], { values, ifExists }));
}
