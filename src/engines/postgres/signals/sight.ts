import type { ServerInfo } from "../../engine.js";
import { Unseen } from "../../signal.js";
import { quote } from "../names.js";

/** True for a row `a` of pg_stat_activity that the role may not look into: of it everything but whose it is is NULL. */
export const IS_HIDDEN = "a.query = '<insufficient privilege>'";

/** @throws Unseen where sessions are hidden */
export function mustSee(hidden: boolean, what: string, server: ServerInfo): void {
  if (!hidden) return;
  throw new Unseen(`the role ${server.user} may not see ${what}`, `GRANT pg_monitor TO ${quote(server.user)} lets it`);
}
