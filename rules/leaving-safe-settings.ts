import type { Setting } from "../src/model/detail/session.js";
import { ALL_ENGINES, MYSQL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const WIDE: ReadonlySet<string> = new Set(["global", "persist", "persist-only"]);
const OFF = /^(?:0|off|false)$/i;

/** What a setting takes away, in words; null where it is none of these. */
function lossOf({ scope, name, value }: Setting): string | null {
  if (scope === "variable") return null;
  if (WIDE.has(scope)) return `${name} changes for every session of the server, running code's among them`;
  if (name === "sql_mode" && value !== null && !/STRICT_|TRADITIONAL|@/i.test(value))
    return "without a strict sql_mode values that do not fit are cut off or become 0 and '' instead of failing";
  if (name === "sql_log_bin" && OFF.test(value ?? ""))
    return "what follows is not written to the binary log: replicas and backups never hear of it";
  // PostgreSQL's foreign keys are triggers, which fire for its own replication only where they are told to.
  if (name === "session_replication_role" && value?.toLowerCase() === "replica")
    return "in what follows no foreign key is checked, ON DELETE CASCADE deletes nothing and no trigger fires: rows that point nowhere stay";
  return null;
}

export const rule: Rule = {
  id: "leaving-safe-settings",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
  protects: "Settings that make a file run more easily make data worse, or reach sessions that nobody thought of.",
  check({ operation }) {
    const loss = detailOf(operation, "set-variables")
      ?.settings.map(lossOf)
      .find((one) => one !== null);
    if (loss === undefined || loss === null) return null;
    return {
      message: `${loss.charAt(0).toUpperCase()}${loss.slice(1)}.`,
      help: "Leave the setting as it is, and correct the statement that needed it.",
    };
  },
  bad: [
    { sql: "SET sql_mode = '';", engines: MYSQL_ENGINES },
    { sql: "SET sql_log_bin = 0;", engines: MYSQL_ENGINES },
    { sql: "SET GLOBAL max_connections = 10;", engines: MYSQL_ENGINES },
    { sql: "SET session_replication_role = replica;\nDELETE FROM teams WHERE id = 3;", engines: ["postgres"] },
    { sql: "BEGIN;\nSET LOCAL session_replication_role TO 'replica';\nCOMMIT;", engines: ["postgres"] },
  ],
  good: [
    { sql: "SET sql_mode = 'STRICT_TRANS_TABLES';", engines: MYSQL_ENGINES },
    { sql: "SET lock_wait_timeout = 2;", engines: MYSQL_ENGINES },
    { sql: "SET @old = 1;", engines: MYSQL_ENGINES },
    { sql: "SET session_replication_role = DEFAULT;\nSET lock_timeout = '2s';", engines: ["postgres"] },
    { sql: "SET session_replication_role = origin;", engines: ["postgres"] },
  ],
};
