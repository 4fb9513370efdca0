import { closed, type Gate, open } from "./gate.js";

/** Every replica has replayed what was written until now, the expand included. */
export const replicas: Gate = {
  name: "replicas",
  async check({ database, session, replicaUrls }) {
    const report = await database.replicas(session, replicaUrls);
    return (report.caughtUp ? open : closed)("replicas", report.reason);
  },
};
