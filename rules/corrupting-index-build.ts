import type { Operation } from "../src/model/operation.js";
import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const isConcurrent = (operation: Operation): boolean =>
  operation.kind === "create-index" ? operation.concurrently : detailOf(operation, "reindex")?.concurrently === true;

export const rule: Rule = {
  id: "corrupting-index-build",
  engines: POSTGRES,
  severity: "error",
  aside: true,
  protects: "PostgreSQL 14.0 to 14.3 leave rows out of an index that is built CONCURRENTLY while they are written.",
  check({ operation, version, newestVersion }) {
    const [major, minor] = version.parts;
    // A range begins with 14.0 to mean any 14; only a server that was named is taken at its word.
    if (newestVersion !== undefined || major !== 14 || minor === undefined || minor > 3 || version.text === "14")
      return null;
    if (!isConcurrent(operation)) return null;
    return {
      message: `PostgreSQL ${version.text} can leave rows out of this index: queries then miss them, and a unique index lets duplicates in.`,
      help: "Update the server to 14.4 or later first, and REINDEX what was built before.",
    };
  },
  bad: [{ sql: "CREATE INDEX CONCURRENTLY users_email ON users (email);", version: "14.2" }],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY users_email ON users (email);", version: "14.4" },
    { sql: "CREATE INDEX CONCURRENTLY users_email ON users (email);" },
  ],
};
