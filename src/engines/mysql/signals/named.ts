import { ZmigrateError } from "../../../errors.js";
import type { ConnectOptions, Session } from "../../engine.js";
import { replicaName, replicaUnusable } from "../../replica.js";
import { openSession, serverInfo } from "../execute/connect.js";
import { classify, describe } from "../execute/errors.js";
import { targetOf } from "../execute/url.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { whyNoReplica } from "./lineage.js";

const reader = { classify, describe };

/** The heartbeat is looked for in the database that the URL names. */
async function otherDatabase(replica: Session, primary: Session): Promise<string | null> {
  const ask = async (session: Session) => {
    const [row] = await session.query<{ db: string | null }>("SELECT DATABASE() AS db");
    return row?.db ?? "";
  };
  const [there, here] = [await ask(replica), await ask(primary)];
  return there === here ? null : `is named with the database ${there}, where this run is about ${here}.`;
}

/**
 * Opens a session on a replica that was named by URL.
 *
 * @throws ZmigrateError replica-unusable: it does not answer, or is no replica of this server as far as it can tell
 */
export async function openReplica(
  primary: Session,
  url: string,
  dialect: MysqlDialect,
  options: ConnectOptions,
): Promise<Session> {
  const name = replicaName(url, targetOf);
  let session: Session | null = null;
  try {
    session = await openSession(url, options);
    await serverInfo(session, url, dialect);
    const why = (await otherDatabase(session, primary)) ?? (await whyNoReplica(session, primary, dialect));
    if (why === null) return session;
    throw new ZmigrateError("replica-unusable", { replica: name, why });
  } catch (error) {
    await session?.close();
    throw replicaUnusable(name, error, reader);
  }
}
