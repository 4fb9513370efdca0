import { roleOf } from "../src/engines/acl.js";
import { findTable, sameRelation } from "../src/engines/engine.js";
import { madeAmbiguous } from "../src/engines/overloads.js";
import { leavesAllRows, policiesOf } from "../src/engines/policies.js";
import { isGoneTable, knownRoutines, takenRights } from "../src/engines/table-lookup.js";
import type { Catalog } from "../src/model/catalog.js";
import type { DataChange } from "../src/model/detail/data.js";
import type { RoutineShape } from "../src/model/detail/object.js";
import type { Breakage } from "../src/model/effect.js";
import type { RelationName } from "../src/model/name.js";
import type { Operation } from "../src/model/operation.js";
import { isBehindView } from "./behind-view.js";
import { isBoundedByKey } from "./bounded-by-key.js";
import { breakageOf, isForAll } from "./breakage.js";
import { computedValue, helpForComputed } from "./computed-value.js";
import { countOnHelp, isDefaultPutBack } from "./default-put-back.js";
import { isGrantedAgain } from "./granted-again.js";
import { isKeyPutBack } from "./key-put-back.js";
import { longLock } from "./locks.js";
import { argumentsRenamed, exchangedView, isMadeAlike, lostWithView, madeAnew } from "./made-anew.js";
import { gapOf, isMadeUnderLock } from "./made-behind.js";
import { isFirstTrigger } from "./put-back.js";
import { isRenamedNew } from "./renamed-column.js";
import { isIdentifiedBehind } from "./replica-identity.js";
import { reshaping } from "./reshaped.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { typeLeft } from "./type-put-back.js";
import { detailOf, isUnderstood } from "./understood.js";

const isBatch = ({ verb, limited, source }: DataChange): boolean =>
  (verb === "delete" && limited) || (verb === "replace" && source === "rows");

/** A view that is made anew has none of the rights of the one before, and a routine may call its arguments otherwise. */
function lossOf(context: RuleContext): string | null {
  if (context.phase === "contract" || (madeAnew(context) === null && exchangedView(context) === null)) return null;
  const names = argumentsRenamed(context).map(context.engine.quote).join(", ");
  if (names !== "") return `calls that name ${names} of its arguments fail (42883)`;
  const lost = lostWithView(context);
  if (lost.length === 0) return null;
  return `rights go with a view, and the one that is made in its place is without ${lost.join(", ")} (42501)`;
}

/**
 * A publication that its transaction makes again, and a cast or an operator that the next statement does: they have no OR
 * REPLACE (PostgreSQL). Subscribers see both at once.
 */
function isPutBack({ operation, laterOn, next }: RuleContext): boolean {
  const dropped = detailOf(operation, "drop-object");
  if (dropped?.object === "publication" && dropped.name !== null) {
    return laterOn(dropped.name.name).some((later) => detailOf(later, "create-object")?.object === "publication");
  }
  if (dropped?.object !== "other" || !dropped.ifExists || operation.kind !== "other") return false;
  const made = operation.what.replace(/^drop-/, "create-");
  return next.some((later) => later.kind === "other" && later.what === made);
}

/** A routine of the same name, whose calls fail beside the one that is made. */
function overloaded({ operation, catalog }: RuleContext): RoutineShape | null {
  const made = detailOf(operation, "create-object");
  if (made === null || made.routine === undefined || made.name === null) return null;
  return madeAmbiguous(knownRoutines(catalog, made.name) ?? [], made.routine);
}

/** The same transaction drops the one whose calls could mean either. */
function isOnlyOneLeft(context: RuleContext): boolean {
  const old = overloaded(context);
  const name = detailOf(context.operation, "create-object")?.name;
  if (old === null || name === undefined || name === null) return false;
  const dropped = context.laterOn(name.name).map((later) => detailOf(later, "drop-object"));
  return dropped.some((d) => d?.takes?.join() === old.takes.join());
}

/** Where all of it is for want of a table or a column. */
function helpForWant({ effect, engine }: RuleContext): string | null {
  const [first, ...others] = effect.breaks.map(({ needs }) => needs);
  if (first === undefined || others.includes(undefined)) return null;
  const table = engine.quoteRelation(first.relation);
  const made = first.column === null ? `Make ${table}` : `Add ${engine.quote(first.column)} to ${table}`;
  return `${made} in front of it; or correct the name that the trigger has for it.`;
}

const WITH_SCHEMA =
  "In front of it, CREATE OR REPLACE the function with the schema in front of each name in its body, and of what that runs; or set a search_path in which they are found: pg_catalog, public.";

const CORRECTED = "Correct what the trigger runs: while it is there like this, no code, old or new, writes these rows.";

const OTHER_ACTION =
  "Let the key do something else first, ON DELETE CASCADE, RESTRICT or NO ACTION, by another key that is added NOT VALID, validated, and takes the place of this one; or leave the column nullable.";

function helpOf(context: RuleContext): string {
  const want = helpForWant(context);
  if (want !== null) return want;
  const computed = helpForComputed(context);
  if (computed !== null) return computed;
  const { breaks } = context.effect;
  if (breaks.length > 0 && breaks.every(({ unfound }) => unfound === true)) return WITH_SCHEMA;
  if (breaks.length > 0 && breaks.every(({ nulled }) => nulled === true)) return OTHER_ACTION;
  if (breaks.some(({ who }) => who === "N-1") && breaks.every((one) => isForAll(one, context.effect))) return CORRECTED;
  if (context.phase === "contract")
    return "In front of it, drop what goes on naming it, or replace it by something that does not.";
  if (argumentsRenamed(context).length > 0)
    return "Keep the names of the arguments, and write CREATE OR REPLACE without DROP; or make the new one under another name, and drop the old one later under `-- zmigrate:phase contract`.";
  const counted = countOnHelp(context);
  if (counted !== null && context.effect.breaks.every(({ why }) => why.includes("23505"))) return counted;
  const old = overloaded(context);
  const made = detailOf(context.operation, "create-object");
  if (old === null || made === null || made.name === null)
    return "Deploy code that survives it first, then run it under `-- zmigrate:phase contract`; or say with an ignore why nothing uses it.";
  const drop = `DROP ${made.object.toUpperCase()} ${context.engine.quoteRelation(made.name)}(${old.takes.join(", ")});`;
  return `Write ${drop} in front of it in the same transaction: calls of the old one are good for the new one. Or give the new one another name.`;
}

/** The same transaction adds what is missing, drops the trigger, or makes it anew, which is judged there. */
function isMendedBehind(context: RuleContext): boolean {
  const { effect, laterOn, catalog, engine, inTransaction, atEnd } = context;
  const broken = effect.breaks.filter((breakage) => breakage.who === "N-1");
  const isOn = (later: Operation, relation: RelationName) =>
    later.relation !== null && sameRelation(later.relation, relation, catalog.defaultSchema);
  // Elsewhere each of the statements commits by itself.
  const isAdded = ({ needs }: Breakage) =>
    engine.name === "postgres" &&
    needs !== undefined &&
    laterOn(needs.relation.name).some(
      (later) =>
        isOn(later, needs.relation) &&
        (needs.column === null
          ? later.kind === "create-table"
          : later.kind === "add-column" && later.column.name === needs.column),
    );
  const isMadeAgain = ({ of, trigger }: Breakage) =>
    of !== undefined &&
    trigger !== undefined &&
    laterOn(trigger).some((later) => detailOf(later, "create-object")?.object === "trigger" && isOn(later, of));
  const end = engine.name === "postgres" && inTransaction ? atEnd() : null;
  const isDropped = ({ of, trigger }: Breakage) =>
    of !== undefined && trigger !== undefined && end !== null && !isFired(of, trigger, end);
  const isPublished = ({ unidentified }: Breakage) =>
    unidentified !== undefined && isIdentifiedBehind(unidentified, context);
  return (
    broken.length > 0 &&
    broken.every(
      (breakage) => isAdded(breakage) || isMadeAgain(breakage) || isDropped(breakage) || isPublished(breakage),
    )
  );
}

/** Whether a table has a trigger that is on, or may have it. */
function isFired(relation: RelationName, trigger: string, catalog: Catalog): boolean {
  const table = findTable(catalog, relation);
  if (table === null) return !isGoneTable(catalog, relation);
  return table.dependents.some(({ kind, name, off }) => kind === "trigger" && name === trigger && off !== true);
}

/** Another search_path for a routine, which the same transaction makes anew: it is judged there. */
function isRoutineAnew({ operation, laterOn, catalog }: RuleContext): boolean {
  const altered = detailOf(operation, "alter-object");
  const name = altered?.path === undefined ? null : altered.name;
  if (name === null) return false;
  const made = laterOn(name.name).map((later) => detailOf(later, "create-object"));
  return made.some(
    (one) => one?.routine !== undefined && one.name !== null && sameRelation(one.name, name, catalog.defaultSchema),
  );
}

/** The file itself has made the rows' parent, of which running code deletes nothing. */
const isOfNewParent = ({ effect, catalog, deployed }: RuleContext): boolean =>
  effect.breaks.length > 0 &&
  effect.breaks.every(
    ({ nulled, of }) =>
      nulled === true && of !== undefined && findTable(catalog, of) !== null && findTable(deployed, of) === null,
  );

/** Row security is turned on, and policies that leave every row to everybody come before anybody can look. */
function isLeftOpen({ operation, catalog, laterOn }: RuleContext): boolean {
  const { relation } = operation;
  const turned = detailOf(operation, "switch");
  if (relation === null || turned === null || !turned.enabled || !turned.what.endsWith("row-security")) return false;
  const table = findTable(catalog, relation);
  const later = laterOn(relation.name).flatMap((one) => detailOf(one, "create-object")?.policy ?? []);
  return later.length > 0 && leavesAllRows([...(policiesOf(table) ?? []), ...later], table?.rights);
}

/** A right that no file has given, and that somebody may have by default privileges, or of somebody else. */
function assumedRight({ operation, catalog }: RuleContext): string {
  const revoke = detailOf(operation, "privileges");
  const taken = revoke === null || catalog.source !== "files" ? null : takenRights(catalog, revoke);
  const [right] = taken?.held.length === 0 ? taken.unknown : [];
  if (right === undefined) return "";
  const role = roleOf(right).replace(/^public$/, "PUBLIC");
  return ` Assumed: ${role} has it, though no file is seen to give it.`;
}

/** What is taken for granted of rights, and of what is dropped IF EXISTS without a name. */
function assumption(context: RuleContext): string {
  const dropped = detailOf(context.operation, "drop-object");
  if (dropped === null) return assumedRight(context);
  // Casts, operators and the like are not kept by their names.
  return dropped.ifExists && dropped.name === null ? " Assumed: it is there." : "";
}

export const rule: Rule = {
  id: "breaking-running-code",
  engines: ALL_ENGINES,
  severity: "error",
  fallback: true,
  protects: "Old code runs until the deploy is over: what breaks it or takes its data away is an outage.",
  check(context) {
    // Where the statement also stops the application, `blocking-table-access` says both.
    if (!isUnderstood(context.operation) || longLock(context.effect) !== null || isBehindView(context)) return null;
    if (isFirstTrigger(context) || isRenamedNew(context) || isKeyPutBack(context)) return null;
    if (isMendedBehind(context) || isRoutineAnew(context) || isLeftOpen(context)) return null;
    if (isOfNewParent(context)) return null;
    if (isDefaultPutBack(context)) return null;
    if (isPutBack(context) || isOnlyOneLeft(context) || isGrantedAgain(context)) return null;
    const loss = lossOf(context);
    const shape = loss === null && context.phase !== "contract" ? reshaping(context) : null;
    if (shape !== null) return shape === "kept" ? null : shape;
    if (isMadeAlike(context)) return null;
    // Rows that the statement names by their key, or counts, are meant to go; REPLACE writes those that it names anew.
    const change = detailOf(context.operation, "data-change");
    if (change !== null && (isBatch(change) || isBoundedByKey(change, context.catalog))) return null;
    const why = loss ?? breakageOf(context);
    if (why === null) return computedValue(context);
    if (isMadeUnderLock(context)) return null;
    const type = typeLeft(context);
    if (type !== null) return type === "kept" ? null : type;
    const gap = context.phase === "contract" ? null : gapOf(context);
    if (gap !== null) return gap;
    return {
      message: `Running code suffers from this: ${why}.${assumption(context)}`,
      help: helpOf(context),
    };
  },
  bad: [
    {
      sql: "DROP TRIGGER IF EXISTS marks;\nCREATE TRIGGER marks BEFORE INSERT ON users FOR EACH ROW SET NEW.a = 1;",
      engines: ["mysql", "mariadb"],
    },
    {
      sql: "DROP PROCEDURE IF EXISTS counts;\nCREATE PROCEDURE counts() SELECT COUNT(*) FROM users;",
      engines: ["mysql", "mariadb"],
    },
    { sql: "DROP VIEW active_users;" },
    { sql: "ALTER VIEW active_users SET SCHEMA app;", engines: ["postgres"] },
    { sql: "DROP PUBLICATION changes;", engines: ["postgres"] },
    {
      sql: "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'read only'; END $$;\nCREATE TRIGGER stop BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION stop();",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id int PRIMARY KEY);\nCREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER tg BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION tf();\nCREATE OR REPLACE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;",
      engines: ["postgres"],
    },
    {
      sql: "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER keep BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION keep();",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TRIGGER stop BEFORE INSERT ON users FOR EACH ROW SIGNAL SQLSTATE '45000';",
      engines: ["mysql", "mariadb"],
    },
    {
      sql: "CREATE FUNCTION add1(i int) RETURNS int LANGUAGE sql AS 'SELECT i + 1';\nCREATE OR REPLACE FUNCTION add1(i int, j int DEFAULT 0) RETURNS int LANGUAGE sql AS 'SELECT i + j + 1';",
      engines: ["postgres"],
    },
    { sql: "DROP CAST (text AS mood);", engines: ["postgres"] },
    { sql: "REVOKE SELECT ON users FROM app;", engines: ["postgres"] },
    { sql: "ALTER TABLE users ALTER COLUMN age DROP DEFAULT;" },
  ],
  good: [
    {
      sql: "LOCK TABLES users WRITE;\nDROP TRIGGER IF EXISTS marks;\nCREATE TRIGGER marks BEFORE INSERT ON users FOR EACH ROW SET NEW.a = 1;\nUNLOCK TABLES;",
      engines: ["mysql", "mariadb"],
    },
    {
      sql: "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id IS NULL THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;\nCREATE TRIGGER stop BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION stop();",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TRIGGER stop BEFORE INSERT ON users FOR EACH ROW BEGIN IF NEW.id < 0 THEN SIGNAL SQLSTATE '45000'; END IF; END;",
      engines: ["mysql", "mariadb"],
    },
    { sql: "ALTER TABLE users ADD COLUMN age int;" },
    { sql: "CREATE TABLE users (id bigint PRIMARY KEY);" },
    { sql: "DELETE FROM users ORDER BY id LIMIT 1000;", engines: ["mysql", "mariadb"] },
    { sql: "REPLACE INTO roles VALUES (1, 'x');", engines: ["mysql", "mariadb"] },
    { sql: "-- zmigrate:phase contract\nDROP PUBLICATION changes;", engines: ["postgres"] },
    {
      sql: "BEGIN;\nDROP PUBLICATION IF EXISTS changes;\nCREATE PUBLICATION changes FOR TABLE users;\nCOMMIT;",
      engines: ["postgres"],
    },
    { sql: "-- zmigrate:phase contract\nDROP VIEW active_users;" },
    {
      sql: "CREATE TABLE users (id int);\nCREATE VIEW v AS SELECT id FROM users;\nCOMMIT;\nBEGIN;\nDROP VIEW v;\nCREATE VIEW v AS SELECT id FROM users WHERE id > 0;\nCOMMIT;",
      engines: ["postgres"],
    },
    {
      sql: "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE EXECUTE ON FUNCTIONS FROM anon;",
      engines: ["postgres"],
    },
  ],
};
