import type { ServerCheck } from "../../examination.js";

const SEEN = `SELECT @@performance_schema AS kept, COALESCE((
    SELECT ENABLED = 'YES' FROM performance_schema.setup_instruments WHERE NAME = 'wait/lock/metadata/sql/mdl'), 0) AS seen`;

const WAY =
  "performance_schema = ON in the server's configuration, and UPDATE performance_schema.setup_instruments SET ENABLED = 'YES' WHERE NAME = 'wait/lock/metadata/sql/mdl'";

/** Can a step that gets no lock say who holds it? Without, who might is named: the oldest transactions. MySQL alone. */
export const blockers: ServerCheck = {
  name: "blockers",
  async look(session) {
    const [row] = await session.query<{ kept: string; seen: string }>(SEEN);
    if (Number(row?.kept ?? 0) === 1 && Number(row?.seen ?? 0) > 0)
      return { health: "ok", found: "the server says who holds a table's lock" };
    const found = "the server does not say who holds a table's lock: a step that waits can name only who might";
    return { health: "advice", found, way: WAY };
  },
};
