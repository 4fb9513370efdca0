import { ZmigrateError } from "../../errors.js";
import { databasePlan } from "../../plan/report.js";
import type { Check } from "../check.js";

/** Can what is not finished be planned here, and does this role have the rights for it? */
export const pending: Check = {
  name: "pending",
  async look({ engine, database, session, migrations, replicaUrls, ...settings }) {
    const { report } = await databasePlan({ engine, database, migrations }, { ...settings, serverVersion: null }, null);
    const [refusal] = report.migrations.flatMap((m) => m.refusals);
    if (refusal !== undefined) throw new ZmigrateError("plan-refused", refusal);
    for (const { plan, status } of report.migrations)
      if (plan !== null && status === "pending") await database.preflightSteps(session, plan.steps, replicaUrls);
      else if (plan !== null) await database.preflightRights(session, plan.steps, replicaUrls);
    const n = report.migrations.length;
    if (n === 0) return { health: "ok", found: "every migration is finished" };
    return { health: "ok", found: `not finished: ${n}; this role may do what they ask` };
  },
};
