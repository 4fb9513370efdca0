import { closed, type Gate, open } from "./gate.js";

/** Every replica has replayed what was written until now, the expand included. */
export const replicas: Gate = {
  name: "replicas",
  always: true,
  async check({ database, session, replicaUrls, patience }) {
    const report = await database.replicas(session, replicaUrls, patience);
    if (report.caughtUp) return open("replicas", report.reason);
    const found = closed("replicas", report.reason);
    return report.catchingUp === true ? Object.freeze({ ...found, passing: true }) : found;
  },
};
