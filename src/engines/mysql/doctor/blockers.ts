import type { ServerCheck } from "../../examination.js";
import { grantOfXids, preparedXids } from "../execute/prepared.js";

const SEEN = `SELECT @@performance_schema AS kept, COALESCE((
    SELECT ENABLED = 'YES' FROM performance_schema.setup_instruments WHERE NAME = 'wait/lock/metadata/sql/mdl'), 0) AS seen`;

const WAY =
  "performance_schema = ON in the server's configuration, and UPDATE performance_schema.setup_instruments SET ENABLED = 'YES' WHERE NAME = 'wait/lock/metadata/sql/mdl'";

/** Can a step that gets no lock say who holds it? Without, who might is named: the oldest transactions. MySQL alone. */
export const blockers: ServerCheck = {
  name: "blockers",
  async look(session, server) {
    const [row] = await session.query<{ kept: string; seen: string }>(SEEN);
    if (Number(row?.kept ?? 0) !== 1 || Number(row?.seen ?? 0) === 0) {
      const found = "the server does not say who holds a table's lock: a step that waits can name only who might";
      return { health: "advice", found, way: WAY };
    }
    if ((await preparedXids(session, server.engine)) !== null)
      return { health: "ok", found: "the server says who holds a table's lock" };
    const found =
      "the user may not see the names of prepared XA transactions: a step that waits for one cannot say what ends it";
    return { health: "advice", found, way: grantOfXids(server) };
  },
};
