import type { Database } from "../engines/engine.js";
import { closed, type Gate, open, unknown } from "./gate.js";
import { notOneQuery } from "./query.js";

/** How long a query may take, milliseconds: the runner waits for it with its lock in hand. */
const STATEMENT_MS = 30_000;

/** In a session of its own: what functions leave behind, or let go (locks), must not be that of the runner's, which holds its lock. */
async function ask(database: Database, sql: string): Promise<boolean> {
  const session = await database.openReader({ replicaUrl: null, statementMs: STATEMENT_MS, sameDatabase: true });
  try {
    return await database.ask(session, sql);
  } finally {
    await session.close();
  }
}

/** The author's own queries (`-- zmigrate:gate sql="..."`): the first column of the first row must be true. */
export const sql: Gate = {
  name: "sql",
  async check({ database, record }) {
    for (const { setting } of record.plan.gates.filter((g) => g.name === "sql")) {
      const wrong = notOneQuery(database.engine, setting);
      if (wrong !== null) return unknown("sql", `${setting}: ${wrong}`);
      try {
        if (!(await ask(database, setting))) return closed("sql", `not true yet: ${setting}`);
      } catch (error) {
        return unknown("sql", `${setting}: ${database.describe(error)}`);
      }
    }
    return record.plan.gates.some((g) => g.name === "sql") ? open("sql", "true") : null;
  },
};
