import type { ServerCheck } from "../../examination.js";
import { readRights } from "../execute/grants.js";
import { account } from "../execute/preflight.js";
import { quote } from "../names.js";

/** What the steps of migrations use; tables come and go, so they are asked for on the schema. */
const ON_SCHEMA = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "CREATE",
  "ALTER",
  "DROP",
  "INDEX",
  "REFERENCES",
  "TRIGGER",
  "LOCK TABLES",
  "CREATE VIEW",
  "SHOW VIEW",
];

/** A pattern of LIKE that is the name alone: `_` and `%` are wild in a GRANT on a schema. */
const literal = (schema: string): string => quote(schema.replace(/[_%\\]/g, "\\$&"));

/** What the user may do in its schema. A migration that needs less runs with less: `apply` asks before it begins. */
export const rights: ServerCheck = {
  name: "rights",
  async look(session, { database, user }) {
    const held = await readRights(session);
    const missing = ON_SCHEMA.filter((privilege) => !held.has(privilege, database));
    if (missing.length === 0)
      return { health: "ok", found: `the user may do on ${database} what migrations need there` };
    return {
      health: "advice",
      found: `on all of ${database} the user may not use ${missing.join(", ")}: a migration that needs it is refused`,
      way: `GRANT ${missing.join(", ")} ON ${literal(database)}.* TO ${account(user)}`,
    };
  },
};
