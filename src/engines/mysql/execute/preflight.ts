import { ZmigrateError } from "../../../errors.js";
import type { RelationName } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import type { ServerInfo, Session } from "../../engine.js";
import { allOf } from "../../missing.js";
import { quote, quoteRelation } from "../names.js";
import { type Rights, readRights } from "./grants.js";

/** Which of the read-only switches are on. A switch that the server does not have is not listed. */
async function readOnlySwitches(session: Session): Promise<string[]> {
  const rows = await session.query(
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only', 'innodb_read_only') AND Value NOT IN ('OFF', '0')",
  );
  return rows.map((row) => String(Object.values(row)[0]));
}

/** `deploy@%` as GRANT takes it. */
export function account(user: string): string {
  const at = user.lastIndexOf("@");
  return `${quote(user.slice(0, at))}@${quote(user.slice(at + 1))}`;
}

/** What is needed on a schema, or on one table of it. */
interface Needed {
  readonly schema: string;
  readonly table?: string;
  readonly privileges: ReadonlySet<string>;
}

/**
 * A GRANT on a table that is not there yet is refused (1146) unless it gives CREATE too. One that the user cannot see
 * counts as not there.
 */
async function grantedWith(session: Session, { schema, table, privileges }: Needed): Promise<readonly string[]> {
  if (table === undefined || !privileges.has("CREATE")) return [];
  const seen = await session.query(
    "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
    [schema, table],
  );
  return seen.length > 0 ? [] : ["CREATE"];
}

async function demand(rights: Rights, session: Session, server: ServerInfo, needed: Needed): Promise<void> {
  const { schema, table, privileges } = needed;
  const missing = [...privileges].filter((privilege) => !rights.has(privilege, schema, table));
  if (missing.length === 0) return;
  const object = table === undefined ? `${quote(schema)}.*` : `${quote(schema)}.${quote(table)}`;
  const given = [...new Set([...missing, ...(await grantedWith(session, needed))])];
  throw new ZmigrateError("missing-privilege", {
    user: server.user,
    privilege: `use ${missing.join(", ")}`,
    object,
    grant: `GRANT ${given.join(", ")} ON ${object} TO ${account(server.user)}`,
  });
}

/** What the journal's tables and the heartbeat need. */
const JOURNAL_RIGHTS = new Set(["CREATE", "SELECT", "INSERT", "UPDATE", "DELETE"]);

/** @throws ZmigrateError read-only-server, missing-privilege: before anything is changed */
export async function preflight(session: Session, server: ServerInfo): Promise<void> {
  const [on] = await readOnlySwitches(session);
  // A user with SUPER could write all the same, and would fork the replica from its primary.
  if (on !== undefined)
    throw new ZmigrateError("read-only-server", { target: server.target, why: `${on} is on: it is a replica` });
  const rights = await readRights(session);
  await demand(rights, session, server, { schema: server.database, privileges: JOURNAL_RIGHTS });
}

const uses = (steps: readonly Step[], pattern: RegExp) =>
  steps.some((step) => [...step.sql, ...step.undo].some((sql) => pattern.test(sql)));

/** What writing rows as an author wrote it needs on each of its tables. One statement is refused before it has changed any. */
function rightsOfRows(step: Step, relation: RelationName): string[] {
  const written = step.backfill?.statement;
  if (written === undefined) return [];
  if (quoteRelation(relation) !== quoteRelation(written.into)) return ["SELECT"];
  return ["SELECT", written.verb.toUpperCase()];
}

const isOfRows = (step: Step): boolean => step.rowsOnly === true || step.backfill?.statement !== undefined;

/** It makes a foreign key that points at the table: MySQL asks for a right on that one, MariaDB 10.11 does not (measured). */
function pointsAt(step: Step, relation: RelationName): boolean {
  const words = `REFERENCES ${quoteRelation(relation)} (`;
  return [...step.sql, ...step.undo].some((sql) => sql.includes(words) && /\bADD CONSTRAINT\b/.test(sql));
}

/** A statement that begins so, by itself or where `guarded` lets it run. */
const beginning = (words: string): RegExp => new RegExp(`^\\s*(?:SET @zmigrate_sql = IF\\(.*, ')?(?:${words})`, "is");

const ALTERS = beginning("ALTER TABLE");
const OF_TRIGGERS = beginning("(?:CREATE|DROP) TRIGGER");
const DROPS = beginning("DROP (?:TABLE|VIEW)");

/** What a step's statements and batches need on the tables that they are about. */
function rightsFor(step: Step, relation: RelationName, dialect: ServerInfo["engine"]): string[] {
  if (isOfRows(step)) return rightsOfRows(step, relation);
  const touches = (pattern: RegExp) => uses([step], pattern);
  return [
    ...(touches(ALTERS) ? ["ALTER", "INSERT", "CREATE"] : []),
    ...(touches(/\bADD (?:UNIQUE |FULLTEXT |SPATIAL )?(?:INDEX|KEY)\b|\bDROP INDEX\b/i) ? ["INDEX"] : []),
    ...(touches(OF_TRIGGERS) ? ["TRIGGER"] : []),
    ...(touches(/^\s*LOCK TABLES/i) ? ["LOCK TABLES", "SELECT"] : []),
    ...(dialect === "mysql" && pointsAt(step, relation) ? ["REFERENCES"] : []),
    ...(step.backfill === null ? [] : ["SELECT", "UPDATE"]),
    ...(step.verify === null ? [] : ["SELECT"]),
    // Who makes a table need not be the one who takes it back.
    ...(step.stage === "drop" || step.sql.some((sql) => DROPS.test(sql)) ? ["DROP"] : []),
  ];
}

function relationsOf(step: Step): RelationName[] {
  const all = [...step.locks.map((lock) => lock.relation), step.backfill?.relation, step.verify?.relation];
  const byName = new Map(all.filter((r) => r !== undefined).map((r) => [quoteRelation(r), r]));
  return [...byName.values()];
}

/** What the statements of a step grant, each once. */
function grantedBy(step: Step): string[] {
  return [...new Set(step.sql.flatMap((sql) => /^GRANT ([A-Z ]+) \(/.exec(sql)?.[1] ?? []))].toSorted();
}

/** Nobody hands on what they do not have, or have without GRANT OPTION. */
function demandGrantable(rights: Rights, server: ServerInfo, step: Step, relation: RelationName): void {
  const granted = grantedBy(step);
  const schema = relation.schema ?? server.database;
  const held = (privilege: string) => rights.has(privilege, schema, relation.name);
  if (granted.length === 0 || [...granted, "GRANT OPTION"].every(held)) return;
  const object = `${quote(schema)}.${quote(relation.name)}`;
  throw new ZmigrateError("missing-privilege", {
    user: server.user,
    privilege: `grant ${granted.join(", ")} (as \`${step.sql.join("; ")}\` does)`,
    object,
    grant: `GRANT ${granted.join(", ")} ON ${object} TO ${account(server.user)} WITH GRANT OPTION`,
  });
}

/** There is no such right on one table: error 1144. */
const OF_SCHEMAS: ReadonlySet<string> = new Set(["LOCK TABLES"]);

/** All that the steps need, each schema and table once. */
function neededBy(steps: readonly Step[], { database, engine }: ServerInfo): Needed[] {
  const byName = new Map<string, { schema: string; table?: string; privileges: Set<string> }>();
  const add = (privilege: string, place: { schema: string; table?: string }) => {
    const key = JSON.stringify([place.schema, place.table]);
    const needed = byName.get(key) ?? { ...place, privileges: new Set() };
    byName.set(key, needed);
    needed.privileges.add(privilege);
  };
  for (const step of steps)
    for (const relation of relationsOf(step)) {
      const schema = relation.schema ?? database;
      for (const privilege of rightsFor(step, relation, engine))
        add(privilege, OF_SCHEMAS.has(privilege) ? { schema } : { schema, table: relation.name });
    }
  return [...byName.values()];
}

/** @throws ZmigrateError missing-privilege, for the tables that the steps touch and for triggers under a binary log */
export async function preflightRights(session: Session, server: ServerInfo, steps: readonly Step[]): Promise<void> {
  const rights = await readRights(session);
  const pairs = steps.flatMap((step) => relationsOf(step).map((relation) => ({ step, relation })));
  await allOf([
    ...neededBy(steps, server).map((needed) => () => demand(rights, session, server, needed)),
    ...pairs.map(
      ({ step, relation }) =>
        () =>
          demandGrantable(rights, server, step, relation),
    ),
    () => (uses(steps, /^\s*CREATE TRIGGER/i) ? demandTrust(session, server, rights) : undefined),
  ]);
}

/**
 * With a binary log, CREATE TRIGGER asks for SUPER, unless the server trusts its users: error 1419. BINLOG ADMIN is not
 * enough for MariaDB 10.11 (measured), though it may change that setting.
 *
 * @throws ZmigrateError missing-privilege
 */
export async function demandTrust(session: Session, server: ServerInfo, rights: Rights): Promise<void> {
  const [row] = await session.query<{ log: number; trusted: number }>(
    "SELECT @@GLOBAL.log_bin AS log, @@GLOBAL.log_bin_trust_function_creators AS trusted",
  );
  if (row === undefined || Number(row.log) === 0 || Number(row.trusted) === 1) return;
  if (rights.has("SUPER")) return;
  throw new ZmigrateError("missing-privilege", {
    user: server.user,
    privilege: "create triggers while the binary log is on",
    object: server.target,
    grant: "SET GLOBAL log_bin_trust_function_creators = 1",
  });
}
