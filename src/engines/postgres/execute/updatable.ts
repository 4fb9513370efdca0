import { ZmigrateError } from "../../../errors.js";
import type { RelationName } from "../../../model/name.js";
import type { WrittenChange } from "../../../model/step.js";
import type { ServerInfo, Session } from "../../engine.js";
import { quote, quoteRelation } from "../names.js";

interface Unproved {
  readonly name: string;
  /** True for a row that violates it. */
  readonly violated: string;
}

/** An UPDATE is held to every CHECK and NOT NULL of the table. A foreign key is only looked at when its columns change. */
const UNPROVED = `
  SELECT r.conname::text AS name,
         CASE r.contype WHEN 'c' THEN 'NOT (' || pg_catalog.pg_get_expr(r.conbin, r.conrelid) || ')'
              ELSE pg_catalog.quote_ident(a.attname) || ' IS NULL' END AS violated
  FROM pg_catalog.pg_constraint r
  LEFT JOIN pg_catalog.pg_attribute a ON r.contype = 'n' AND a.attrelid = r.conrelid AND a.attnum = r.conkey[1]
  WHERE r.conrelid = pg_catalog.to_regclass($1) AND r.contype IN ('c', 'n') AND NOT r.convalidated
    AND COALESCE((pg_catalog.to_jsonb(r) ->> 'conenforced')::boolean, true)
  ORDER BY 1`;

/** Reads the table once for each constraint that is NOT VALID. @throws ZmigrateError rows-violate */
async function mustSatisfyChecks(session: Session, relation: RelationName): Promise<void> {
  const name = quoteRelation(relation);
  for (const { name: constraint, violated } of await session.query<Unproved>(UNPROVED, [name])) {
    const rows = `FROM ONLY ${name} WHERE ${violated}`;
    const [found] = await session.query(`SELECT 1 ${rows} LIMIT 1`);
    if (found !== undefined)
      throw new ZmigrateError("rows-violate", { relation: name, constraint, count: `SELECT count(*) ${rows}` });
  }
}

/**
 * Batches run with row_security off: a policy that holds for this role would be an error in the middle of the way.
 *
 * @throws ZmigrateError missing-privilege
 */
export async function mustSeeAllRows(session: Session, server: ServerInfo, relation: RelationName): Promise<void> {
  const [row] = await session.query<{ limited: boolean }>(
    "SELECT pg_catalog.row_security_active(c.oid) AS limited FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)",
    [quoteRelation(relation)],
  );
  if (row?.limited !== true) return;
  throw new ZmigrateError("missing-privilege", {
    user: server.user,
    privilege: "read and write every row (policies hold for it: FORCE ROW LEVEL SECURITY, and no BYPASSRLS)",
    object: quoteRelation(relation),
    grant: `ALTER ROLE ${quote(server.user)} BYPASSRLS`,
  });
}

/** On the table or some of its columns; there is no DELETE on columns. @throws ZmigrateError missing-privilege */
async function mustMay(session: Session, server: ServerInfo, privilege: string, relation: RelationName): Promise<void> {
  const name = quoteRelation(relation);
  const [row] = await session.query<{ may: boolean }>(
    `SELECT pg_catalog.has_table_privilege(c.oid, $2) OR ($2 <> 'DELETE' AND pg_catalog.has_any_column_privilege(c.oid, CASE $2 WHEN 'DELETE' THEN 'SELECT' ELSE $2 END)) AS may
     FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)`,
    [name, privilege],
  );
  if (row === undefined || row.may) return;
  throw new ZmigrateError("missing-privilege", {
    user: server.user,
    privilege: `use ${privilege}`,
    object: name,
    grant: `GRANT ${privilege} ON ${name} TO ${quote(server.user)}`,
  });
}

/**
 * A statement that an author wrote may be there to mend what a NOT VALID constraint forbids, so that is not asked.
 *
 * @throws ZmigrateError missing-privilege
 */
export async function mustTakeStatement(
  session: Session,
  server: ServerInfo,
  walked: RelationName,
  { verb, into }: WrittenChange,
): Promise<void> {
  for (const relation of [walked, into]) await mustSeeAllRows(session, server, relation);
  await mustMay(session, server, "SELECT", walked);
  await mustMay(session, server, verb.toUpperCase(), into);
}

/**
 * What would stop a backfill of a table halfway is told before its new column is there.
 *
 * @throws ZmigrateError missing-privilege, rows-violate
 */
export async function mustBeUpdatable(session: Session, server: ServerInfo, relation: RelationName): Promise<void> {
  await mustSeeAllRows(session, server, relation);
  await mustSatisfyChecks(session, relation);
}
