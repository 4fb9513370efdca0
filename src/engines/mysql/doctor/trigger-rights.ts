import type { ServerCheck } from "../../examination.js";
import { readRights } from "../execute/grants.js";
import { demandTrust } from "../execute/preflight.js";

/** What changes in phases is kept equal by triggers: does the server make them for this user? */
export const triggerRights: ServerCheck = {
  name: "triggers",
  async look(session, server) {
    await demandTrust(session, server, await readRights(session));
    return { health: "ok", found: "the server makes triggers for this user" };
  },
};
