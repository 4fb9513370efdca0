import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "check-before-backfill",
  engines: POSTGRES,
  severity: "error",
  aside: true,
  protects: "NOT VALID spares the old rows only until they are written: an UPDATE of any column checks the whole row.",
  check({ operation, notNullChecks, engine }) {
    const change = detailOf(operation, "data-change");
    if (change === null || change.verb !== "update" || notNullChecks.length === 0) return null;
    const early = notNullChecks.find(
      ({ relation, column }) =>
        change.columns.includes(column) && change.writes.some(({ name }) => name === relation.name),
    );
    if (early === undefined) return null;
    const column = engine.quote(early.column);
    return {
      message: `Until this is done, every UPDATE by running code of a row whose ${column} is still NULL fails (23514), even of another column: the check above is in force already.`,
      help: `Fill ${column} first, and add CHECK (${column} IS NOT NULL) NOT VALID behind it.`,
    };
  },
  bad: [
    {
      sql: "ALTER TABLE users ADD CONSTRAINT nn CHECK (age IS NOT NULL) NOT VALID;\nUPDATE users SET age = 0 WHERE age IS NULL AND id < 1000;",
    },
  ],
  good: [
    {
      sql: "UPDATE users SET age = 0 WHERE age IS NULL AND id < 1000;\nALTER TABLE users ADD CONSTRAINT nn CHECK (age IS NOT NULL) NOT VALID;",
    },
    {
      sql: "ALTER TABLE users ADD CONSTRAINT nn CHECK (age IS NOT NULL) NOT VALID;\nUPDATE users SET name = '' WHERE id = 1;",
    },
  ],
};
