import { randomBytes } from "node:crypto";
import type { Session } from "../../engine.js";
import { classify } from "../execute/errors.js";
import { literal, quote } from "../names.js";

const PREFIX = "zmigrate_shadow_";

/** Just what `nameOf` makes: no schema of anybody else's is taken for one of ours. */
const OURS = /^zmigrate_shadow_[0-9a-f]{16}$/;

async function isFree(session: Session, name: string): Promise<boolean> {
  const [row] = await session.query<{ free: number | string | null }>(`SELECT GET_LOCK(${literal(name)}, 0) AS free`);
  return Number(row?.free) === 1;
}

const unlock = (session: Session, name: string) => session.query(`DO RELEASE_LOCK(${literal(name)})`);

/** All schemas that the session's user may see. */
export async function schemasOf(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>("SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA");
  return rows.map((r) => r.name);
}

/** Whoever made one and still needs it holds the lock of its name: what a killed run left is dropped. */
export async function dropLeftOvers(session: Session): Promise<void> {
  for (const name of await schemasOf(session)) {
    if (!OURS.test(name) || !(await isFree(session, name))) continue;
    await session.query(`DROP DATABASE IF EXISTS ${quote(name)}`).catch(leave);
    await unlock(session, name);
  }
}

/** One that another user has left is theirs to drop. */
function leave(error: unknown): void {
  if (classify(error) !== "permission") throw error;
}

/** An empty schema under a name that nobody has. The session keeps its lock. */
export async function makeScratch(session: Session): Promise<string> {
  const name = `${PREFIX}${randomBytes(8).toString("hex")}`;
  if (!(await isFree(session, name))) return makeScratch(session);
  await session.query(`CREATE DATABASE ${quote(name)}`);
  return name;
}

export async function dropScratch(session: Session, name: string): Promise<void> {
  await session.query(`DROP DATABASE IF EXISTS ${quote(name)}`);
  await unlock(session, name);
}
