import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const LONG: ReadonlySet<string> = new Set(["0", "0s", "0ms", "0min", "0h", "0d"]);

export const rule: Rule = {
  id: "index-build-under-timeout",
  engines: POSTGRES,
  severity: "warning",
  aside: true,
  protects: "A statement timeout kills a long build and leaves an invalid index behind.",
  check({ operation, settings }) {
    const limit = settings.statement_timeout;
    const builds =
      (operation.kind === "create-index" && operation.concurrently) ||
      detailOf(operation, "reindex")?.concurrently === true;
    if (!builds || limit === undefined || LONG.has(limit.trim())) return null;
    return {
      message: `The build is killed after ${limit} (statement_timeout) and leaves an invalid index, which every write still maintains.`,
      help: "SET statement_timeout = 0; before the build. Keep lock_timeout: it only limits the wait for locks.",
    };
  },
  bad: [{ sql: "SET statement_timeout = '5s';\nCREATE INDEX CONCURRENTLY users_email ON users (email);" }],
  good: [
    { sql: "SET statement_timeout = 0;\nCREATE INDEX CONCURRENTLY users_email ON users (email);" },
    { sql: "SET lock_timeout = '5s';\nCREATE INDEX CONCURRENTLY users_email ON users (email);" },
  ],
};
