import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "dropping-role",
  engines: POSTGRES,
  severity: "error",
  protects: "Code that logs in with a role, or has its privileges by it, fails as soon as the role is gone.",
  check({ operation, phase }) {
    const dropped = detailOf(operation, "drop-object");
    if (dropped === null || (dropped.object !== "role" && dropped.object !== "user") || phase === "contract")
      return null;
    return {
      message: "Running code that logs in with this role, or has privileges through it, fails.",
      help: "Let nothing use it for a release (ALTER ROLE ... NOLOGIN can be taken back), and drop it under `-- zmigrate:phase contract`.",
    };
  },
  bad: [{ sql: "DROP ROLE app;" }],
  good: [{ sql: "-- zmigrate:phase contract\nDROP ROLE app;" }, { sql: "CREATE ROLE app;" }],
};
