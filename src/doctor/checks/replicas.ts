import type { Check } from "../check.js";

/** How long replicas are given to show that they follow, milliseconds. */
const PATIENCE_MS = 1_000;

/** Are the replicas seen, and do they follow? A backfill waits for them, and so does contract. */
export const replicas: Check = {
  name: "replicas",
  async look({ database, session, replicaUrls }) {
    await database.checkReplicas(session, replicaUrls);
    const known = await database.knownReplicas(session);
    const named = replicaUrls.length === 0 ? "" : `, ${replicaUrls.length} are named`;
    if (known === null)
      return {
        health: replicaUrls.length > 0 ? "ok" : "advice",
        found: `this role may not ask the primary which replicas it has${named}`,
        ...(replicaUrls.length > 0
          ? {}
          : { way: "Name each with --replica-url, or grant the role what docs/roles.md says." }),
      };
    const { signal } = new AbortController();
    const { caughtUp, reason } = await database.replicas(session, replicaUrls, { ms: PATIENCE_MS, signal });
    const found = `the primary knows ${known}${named}; ${reason}`;
    if (caughtUp) return { health: "ok", found };
    return { health: "advice", found, way: "Until they follow, backfills wait and contract is refused." };
  },
};
