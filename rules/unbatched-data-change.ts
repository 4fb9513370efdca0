import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const BULK: ReadonlySet<string> = new Set(["update", "delete", "merge"]);

export const rule: Rule = {
  id: "unbatched-data-change",
  engines: ALL_ENGINES,
  severity: "warning",
  protects: "One UPDATE of a whole table locks its rows until it commits, doubles its size and drowns the replicas.",
  check({ operation, engine }) {
    const change = detailOf(operation, "data-change");
    if (change === null || change.limited) return null;
    const copies = change.verb !== "load" && change.source === "query";
    if (!BULK.has(change.verb) && !copies) return null;
    const [first] = change.writes;
    const table = first === undefined ? "the table" : engine.quoteRelation(first);
    const which = change.filtered ? "All rows that it finds" : "All rows";
    return {
      message: `${which} of ${table} are written in one transaction: writers of the same rows wait until it ends, and replicas fall behind by as long.`,
      help: `Walk the table by its key in batches of some thousand rows, each committed, with a pause when replicas lag; or say with an ignore that it is small.`,
    };
  },
  bad: [{ sql: "UPDATE users SET active = true;" }, { sql: "DELETE FROM users WHERE active = false;" }],
  good: [
    { sql: "INSERT INTO users (id) VALUES (1);" },
    { sql: "CREATE TABLE users (id int);\nUPDATE users SET id = 1;" },
    { sql: "UPDATE users SET active = true LIMIT 100;", engines: ["mysql", "mariadb"] },
  ],
};
