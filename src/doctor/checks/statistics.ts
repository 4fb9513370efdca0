import { ZmigrateError } from "../../errors.js";
import type { Check } from "../check.js";

/** Are there statistics of statements, which the gate `unused` and `--queries database` read? */
export const statistics: Check = {
  name: "statistics",
  async look({ database, session }) {
    try {
      const { length } = await database.statistics(session);
      return { health: "ok", found: `the server has statistics of ${length} statements of this database` };
    } catch (error) {
      if (!(error instanceof ZmigrateError)) throw error;
      const found = `${error.message} The gate \`unused\` and \`--queries database\` have nothing to read.`;
      return { health: "advice", found, way: error.help };
    }
  },
};
