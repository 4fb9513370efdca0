import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "updating-extension",
  engines: POSTGRES,
  severity: "warning",
  protects: "An extension is updated by a script of its own, and no file says what that locks or changes.",
  check({ operation, engine }) {
    const change = detailOf(operation, "alter-object");
    if (change?.object !== "extension" || !change.changes.includes("UPDATE")) return null;
    const name = change.name === null ? "the extension" : engine.quote(change.name.name);
    return {
      message: `The update script of ${name} runs unseen: what it locks, and which functions of running code it changes, is not known.`,
      help: "Read its update scripts, try it on a copy, and say what you found in an ignore.",
    };
  },
  bad: [{ sql: "ALTER EXTENSION postgis UPDATE;" }],
  good: [{ sql: "CREATE EXTENSION IF NOT EXISTS pgcrypto;" }],
};
