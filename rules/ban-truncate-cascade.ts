import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "ban-truncate-cascade",
  engines: POSTGRES,
  severity: "error",
  onFreshTables: true,
  protects: "TRUNCATE ... CASCADE empties every table that points here, and those that point there.",
  check({ operation }) {
    if (detailOf(operation, "truncate")?.cascade !== true) return null;
    return {
      message:
        "All rows are gone, here and in every table with a foreign key to this one, and in those that point to these in turn.",
      help: "Leave CASCADE out, and name each table that is to be emptied.",
    };
  },
  bad: [{ sql: "TRUNCATE users CASCADE;" }],
  good: [{ sql: "TRUNCATE users;" }],
};
