import type { Session } from "../engines/engine.js";
import { replicaName } from "../engines/replica.js";
import type { GateContext } from "./gate.js";

/** Characters that the audit has for a server's name. */
const NAME_LENGTH = 120;
/** How long a server may take to tell, milliseconds. */
const STATEMENT_MS = 30_000;

/** Why not every replica is asked; null where all are, or there is none. */
export async function hiddenReplicas({ database, session, replicaUrls }: GateContext): Promise<string | null> {
  const known = await database.knownReplicas(session);
  if (known === null) return "this role may not see whether there are replicas, on which it may be read";
  if (known <= replicaUrls.length) return null;
  return `the primary knows ${known} replicas, and ${replicaUrls.length} are named: name all of them with --replica-url`;
}

/** Asks the primary and each replica that was named, one after the other; `on` is the server for people. */
export async function onEachServer<T>(
  { database, session, replicaUrls }: GateContext,
  ask: (on: string, session: Session) => Promise<T>,
): Promise<T[]> {
  const told = [await ask("the primary", session)];
  for (const replicaUrl of replicaUrls) {
    const reader = await database.openReader({ replicaUrl, statementMs: STATEMENT_MS, sameDatabase: true });
    const on = `replica ${replicaName(replicaUrl, (url) => new URL(url).host)}`.slice(0, NAME_LENGTH);
    try {
      told.push(await ask(on, reader));
    } finally {
      await reader.close();
    }
  }
  return told;
}
