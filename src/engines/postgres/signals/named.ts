import { ZmigrateError } from "../../../errors.js";
import type { ConnectOptions, Session } from "../../engine.js";
import { replicaName, replicaUnusable } from "../../replica.js";
import { openSession, targetOf } from "../execute/connect.js";
import { classify, describe } from "../execute/errors.js";

const reader = { classify, describe };

interface Kind {
  readonly standby: boolean;
  readonly system: string;
}

async function kindOf(session: Session): Promise<Kind | undefined> {
  const [row] = await session.query<{ standby: boolean; system: string }>(
    `SELECT pg_catalog.pg_is_in_recovery() AS standby, system_identifier::text AS system FROM pg_catalog.pg_control_system()`,
  );
  return row;
}

/** A logical subscriber or another cluster has positions too, but in a WAL of its own. */
function whyNot(replica: Kind | undefined, primary: Kind | undefined): string | null {
  if (replica === undefined || primary === undefined) return "does not tell what it is.";
  if (replica.system !== primary.system)
    return "belongs to another cluster: its system identifier is not this server's.";
  return replica.standby ? null : "is not a standby: it takes writes itself.";
}

/**
 * Opens a session on a replica that was named by URL.
 *
 * @throws ZmigrateError replica-unusable: it does not answer, or is no physical standby of this server
 */
export async function openReplica(primary: Session, url: string, options: ConnectOptions): Promise<Session> {
  const name = replicaName(url, targetOf);
  let session: Session | null = null;
  try {
    session = await openSession(url, options);
    const why = whyNot(await kindOf(session), await kindOf(primary));
    if (why === null) return session;
    throw new ZmigrateError("replica-unusable", { replica: name, why });
  } catch (error) {
    await session?.close();
    throw replicaUnusable(name, error, reader);
  }
}
