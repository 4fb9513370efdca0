import { goIf } from "../../reading.js";
import { defineSignal, Unseen } from "../../signal.js";
import { count } from "../../signal-settings.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { discover } from "./discover.js";

/**
 * How many replicas are connected to the primary: fewer than are expected stop. A replica that was never seen has no lag
 * that could be read.
 */
export const expectedReplicas = defineSignal({
  name: "replicas",
  setting: count,
  open: (expected, watch) => ({
    async read() {
      const dialect = watch.database.server.engine as MysqlDialect;
      const { replicas, unnamed, blind } = await watch.ask((s) => discover(s, dialect));
      if (blind !== null) throw new Unseen("whether there are replicas is not known", blind);
      const found = replicas.length + unnamed;
      const names = replicas.length === 0 ? "" : `: ${replicas.map((r) => `${r.host}:${r.port}`).join(", ")}`;
      return goIf(found >= expected, `${found} of ${expected} expected replicas are connected${names}`);
    },
  }),
});
