import { ZmigrateError } from "../../../errors.js";
import type { RelationName } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import type { ServerInfo, Session } from "../../engine.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { keyOf } from "../ranges/keys.js";
import { discover, RIGHTS } from "../signals/discover.js";
import { account } from "./preflight.js";

async function exists(session: Session, { schema, name }: RelationName): Promise<boolean> {
  const rows = await session.query(
    "SELECT 1 AS found FROM information_schema.TABLES WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ?",
    [schema, name],
  );
  return rows.length > 0;
}

/**
 * Asks for the key of every table that steps go through, while nothing is changed yet. One that does not exist yet is
 * made by the migration itself.
 *
 * @throws ZmigrateError no-key
 */
export async function demandWalks(session: Session, steps: readonly Step[]): Promise<void> {
  for (const { backfill, verify } of steps) {
    const relation = backfill?.relation ?? verify?.relation;
    if (relation === undefined || !(await exists(session, relation))) continue;
    await keyOf(session, { relation, key: backfill?.key ?? null });
  }
}

/**
 * A backfill that may not ask for replicas waits without an end: it must be able to, before anything is changed. A
 * server without a binary log has none.
 *
 * @throws ZmigrateError missing-privilege
 */
export async function demandSight(
  session: Session,
  server: ServerInfo,
  dialect: MysqlDialect,
  steps: readonly Step[],
): Promise<void> {
  if (!steps.some((step) => step.backfill !== null)) return;
  const { blind } = await discover(session, dialect);
  if (blind === null) return;
  throw new ZmigrateError("missing-privilege", {
    user: server.user,
    privilege: "list the replicas whose lag a backfill must watch (or name them with --replica-url)",
    object: server.target,
    grant: `GRANT ${RIGHTS[dialect]} ON *.* TO ${account(server.user)}`,
  });
}
