import type { ServerCheck } from "../../examination.js";
import { quote } from "../names.js";

interface Owner {
  readonly owner: string;
  readonly tables: number;
}

const OWNERS = `
  SELECT pg_catalog.pg_get_userbyid(c.relowner)::text AS owner, pg_catalog.count(*)::int AS tables
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'zmigrate')
     AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
   GROUP BY 1 ORDER BY 2 DESC, 1`;

/** ALTER TABLE, CREATE INDEX and DROP TABLE are for a table's owner and its members; extensions have tables of their own. */
export const owners: ServerCheck = {
  name: "owners",
  async look(session, { user }) {
    const others = await session.query<Owner>(OWNERS);
    if (others.length === 0) return { health: "ok", found: "the role may alter every table of this database" };
    const list = others.map(({ owner, tables }) => `${tables} of ${owner}`).join(", ");
    return {
      health: "advice",
      found: `the role may not alter tables that belong to others: ${list}`,
      way: others.map(({ owner }) => `GRANT ${quote(owner)} TO ${quote(user)}`).join("; "),
    };
  },
};
