import { ZmigrateError } from "../../../errors.js";
import type { RelationName } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import type { ServerInfo, Session } from "../../engine.js";
import { allOf } from "../../missing.js";
import { postgresJournal } from "../journal.js";
import { quote, quoteRelation } from "../names.js";
import { keyOf } from "../ranges/keys.js";
import { mustWriteForOthers } from "./for-others.js";
import { onlyPointedAt } from "./foreign.js";
import { changedFunctions, changedRelations, mustOwnFunction } from "./owned.js";
import { mustSeeReplicas } from "./sight.js";
import { waitsForStandby } from "./synchronous.js";
import { mustBeUpdatable, mustTakeStatement } from "./updatable.js";

interface State {
  readonly standby: boolean;
  readonly readOnly: string;
  readonly mayCreate: boolean;
  readonly journal: boolean;
  readonly mayUseJournal: boolean;
}

/** @throws ZmigrateError read-only-server, no-standby, missing-privilege (to make the journal's schema) */
export async function preflight(session: Session, server: ServerInfo): Promise<void> {
  const [state] = await session.query<State>(`
    SELECT pg_catalog.pg_is_in_recovery() AS standby,
           pg_catalog.current_setting('default_transaction_read_only') AS "readOnly",
           pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS "mayCreate",
           j.oid IS NOT NULL AS journal, COALESCE(pg_catalog.has_schema_privilege(j.oid, 'CREATE'), false) AS "mayUseJournal"
    FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_namespace j ON j.nspname = 'zmigrate'`);
  if (state === undefined) throw new ZmigrateError("internal", { reason: "preflight had no answer" });
  const { target, user } = server;
  if (state.standby) throw new ZmigrateError("read-only-server", { target, why: "it is a standby (in recovery)" });
  if (state.readOnly === "on")
    throw new ZmigrateError("read-only-server", {
      target,
      why: "default_transaction_read_only is on for this role or database",
    });
  const why = await waitsForStandby(session);
  if (why !== null) throw new ZmigrateError("no-standby", { target, why });
  if (state.journal && !state.mayUseJournal)
    throw new ZmigrateError("missing-privilege", {
      user,
      privilege: "use CREATE",
      object: 'the schema "zmigrate"',
      // Its tables' rights too, which would be asked for next.
      grant: postgresJournal.grants(server, "write").join("; "),
    });
  if (!state.journal && !state.mayCreate)
    throw new ZmigrateError("missing-privilege", {
      user,
      privilege: "create the journal's schema",
      object: `the database ${server.database}`,
      grant: `GRANT CREATE ON DATABASE ${quote(server.database)} TO ${quote(user)}`,
    });
}

interface Owner {
  readonly owner: string | null;
  readonly superuser: boolean;
  readonly mayAlter: boolean | null;
}

/** What reading and writing rows takes: no owner is asked for. */
const OF_ROWS: ReadonlySet<string> = new Set(["ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE"]);

/** The tables whose definition the steps lock. */
function touched(steps: readonly Step[]): RelationName[] {
  const byName = new Map(
    steps
      .flatMap((s) => s.locks)
      .filter((l) => !OF_ROWS.has(l.mode))
      .map((l) => [quoteRelation(l.relation), l.relation]),
  );
  return [...byName.values()];
}

/**
 * A table that cannot be walked, or not be written, is told before its new column is there.
 *
 * @throws ZmigrateError no-key, missing-privilege, rows-violate
 */
async function mustBackfill(session: Session, server: ServerInfo, steps: readonly Step[]): Promise<void> {
  for (const { backfill } of steps) {
    if (backfill === null) continue;
    const name = quoteRelation(backfill.relation);
    const [table] = await session.query("SELECT 1 FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)", [
      name,
    ]);
    if (table === undefined) continue;
    await (backfill.statement === undefined
      ? mustBeUpdatable(session, server, backfill.relation)
      : mustTakeStatement(session, server, backfill.relation, backfill.statement));
    await keyOf(session, backfill);
  }
}

/** Whoever builds an index, or renames one, makes a name in the schema. @throws ZmigrateError missing-privilege */
async function mustMakeIndexes(session: Session, server: ServerInfo, steps: readonly Step[]): Promise<void> {
  const building = steps.filter((s) => s.sql.some((sql) => /^CREATE (UNIQUE )?INDEX /.test(sql)));
  for (const { relation } of building.flatMap((s) => s.locks)) {
    const [row] = await session.query<{ schema: string; may: boolean }>(
      `SELECT n.nspname::text AS schema, pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS may
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.oid = pg_catalog.to_regclass($1)`,
      [quoteRelation(relation)],
    );
    if (row === undefined || row.may) continue;
    throw new ZmigrateError("missing-privilege", {
      user: server.user,
      privilege: `build an index (it has no CREATE on the schema ${quote(row.schema)})`,
      object: quoteRelation(relation),
      grant: `GRANT CREATE ON SCHEMA ${quote(row.schema)} TO ${quote(server.user)}`,
    });
  }
}

/**
 * ALTER TABLE, CREATE TRIGGER and CREATE INDEX ask for the table's owner. Tables that do not exist yet are left out. To be a
 * member of a superuser's role is to be one: then the table is to change hands.
 *
 * @throws ZmigrateError missing-privilege
 */
async function mustOwn(session: Session, server: ServerInfo, object: string): Promise<void> {
  const [row] = await session.query<Owner>(
    `SELECT pg_catalog.pg_get_userbyid(c.relowner)::text AS owner, pg_catalog.pg_has_role(c.relowner, 'USAGE') AS "mayAlter",
            COALESCE(o.rolsuper, false) AS superuser
     FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_roles o ON o.oid = c.relowner WHERE c.oid = pg_catalog.to_regclass($1)`,
    [object],
  );
  if (row === undefined || row.mayAlter === true) return;
  throw new ZmigrateError("missing-privilege", {
    user: server.user,
    privilege: "alter the table or create triggers",
    object: `${object} (its owner is ${row.owner ?? "unknown"})`,
    grant: row.superuser
      ? `ALTER TABLE ${object} OWNER TO ${quote(server.user)}`
      : `GRANT ${quote(row.owner ?? "")} TO ${quote(server.user)}`,
  });
}

/** Owners have TRIGGER, and may have revoked it of themselves. @throws ZmigrateError missing-privilege */
async function mustMakeTriggers(session: Session, server: ServerInfo, steps: readonly Step[]): Promise<void> {
  const making = steps.filter((s) => s.sql.some((sql) => /^CREATE (OR REPLACE )?(CONSTRAINT )?TRIGGER /.test(sql)));
  for (const relation of touched(making)) {
    const object = quoteRelation(relation);
    const [row] = await session.query<{ may: boolean }>(
      "SELECT pg_catalog.has_table_privilege(oid, 'TRIGGER') AS may FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)",
      [object],
    );
    if (row === undefined || row.may) continue;
    throw new ZmigrateError("missing-privilege", {
      user: server.user,
      privilege: "create triggers",
      object,
      grant: `GRANT TRIGGER ON ${object} TO ${quote(server.user)}`,
    });
  }
}

/** @throws ZmigrateError missing-privilege */
async function mustTouch(session: Session, server: ServerInfo, steps: readonly Step[], relation: RelationName) {
  if (!(await onlyPointedAt(session, server, steps, relation))) await mustOwn(session, server, quoteRelation(relation));
}

/** What the steps' statements ask of this role, whoever began them. @throws ZmigrateError missing-privilege */
export async function preflightRights(session: Session, server: ServerInfo, steps: readonly Step[]): Promise<void> {
  const relations = touched(steps);
  await allOf([
    ...relations.map((relation) => () => mustTouch(session, server, steps, relation)),
    ...changedRelations(steps).map((name) => () => mustOwn(session, server, name)),
    ...changedFunctions(steps).map((name) => () => mustOwnFunction(session, server, name)),
    () => mustMakeTriggers(session, server, steps),
    () => mustMakeIndexes(session, server, steps),
    () => mustSeeReplicas(session, server, steps),
  ]);
}

/** @throws ZmigrateError missing-privilege, no-key, rows-violate: before anything is changed */
export async function preflightSteps(session: Session, server: ServerInfo, steps: readonly Step[]): Promise<void> {
  await allOf([
    () => preflightRights(session, server, steps),
    () => mustBackfill(session, server, steps),
    () => mustWriteForOthers(session, server, steps),
  ]);
}
