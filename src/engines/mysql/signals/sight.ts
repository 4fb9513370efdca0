import type { Session } from "../../engine.js";
import { Unseen, type Watch } from "../../signal.js";
import { classify } from "../execute/errors.js";
import { readRights } from "../execute/grants.js";
import { account } from "../execute/preflight.js";

/** What a user may not see, and the GRANT that lets it. @param grant `PROCESS ON *.*` */
export const unseen = (what: string, grant: string, { database }: Watch): Unseen =>
  new Unseen(
    `the user ${database.server.user} may not see ${what}`,
    `GRANT ${grant} TO ${account(database.server.user)} lets it`,
  );

/** Asks what the server refuses to who has no right to it. @throws Unseen with the GRANT, instead of its refusal */
export async function seeing<T>(
  watch: Watch,
  what: string,
  grant: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  try {
    return await watch.ask(work);
  } catch (error) {
    throw classify(error) === "permission" ? unseen(what, grant, watch) : error;
  }
}

/** Without PROCESS the list of sessions has only those of the same user, and no error tells. @throws Unseen */
export async function mustSeeSessions(watch: Watch): Promise<void> {
  const rights = await watch.ask(readRights);
  if (!rights.has("PROCESS")) throw unseen("other sessions", "PROCESS ON *.*", watch);
}

/** A status variable of the server, which everyone may read. */
export async function statusOf(session: Session, name: string): Promise<number> {
  const [row] = await session.query(`SHOW GLOBAL STATUS LIKE '${name}'`);
  return row === undefined ? Number.NaN : Number(Object.values(row)[1]);
}
