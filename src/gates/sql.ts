import { closed, type Gate, open, unknown } from "./gate.js";
import { notOneQuery } from "./query.js";

/** The author's own queries (`-- zmigrate:gate sql="..."`): the first column of the first row must be true. */
export const sql: Gate = {
  name: "sql",
  async check({ database, session, record }) {
    for (const { setting } of record.plan.gates.filter((g) => g.name === "sql")) {
      const wrong = notOneQuery(database.engine, setting);
      if (wrong !== null) return unknown("sql", `${setting}: ${wrong}`);
      try {
        if (!(await database.ask(session, setting))) return closed("sql", `not true yet: ${setting}`);
      } catch (error) {
        return unknown("sql", `${setting}: ${database.describe(error)}`);
      }
    }
    return record.plan.gates.some((g) => g.name === "sql") ? open("sql", "true") : null;
  },
};
