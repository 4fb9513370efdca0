import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "ban-drop-table",
  engines: ALL_ENGINES,
  severity: "error",
  losses: true,
  protects: "A dropped table takes its rows with it, and running code that still names it fails.",
  check({ operation, effect, phase, engine }) {
    const drop = detailOf(operation, "drop-table");
    if (drop === null || operation.relation === null || drop.temporary || phase === "contract") return null;
    const table = engine.quoteRelation(operation.relation);
    const others = effect.locks.filter((lock) => lock.relation.name !== operation.relation?.name);
    const locked = others.map((lock) => engine.quoteRelation(lock.relation)).join(", ");
    return {
      message: `Running code that names ${table} fails, and its rows are gone.${locked === "" ? "" : ` Meanwhile nobody can read or write ${locked}.`}`,
      help: `Stop using it, rename it, wait until nothing has asked for it, and drop it in a file of its own under \`-- zmigrate:phase contract\`. Drop its foreign keys one by one before.`,
    };
  },
  bad: [{ sql: "DROP TABLE users;" }],
  good: [
    { sql: "-- zmigrate:phase contract\nDROP TABLE users;" },
    { sql: "CREATE TABLE users (id int);\nDROP TABLE users;" },
  ],
};
