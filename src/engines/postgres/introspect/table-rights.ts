import type { Table } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { quote } from "../names.js";
import { commentOn } from "./comment.js";
import { NOT_OURS } from "./tables.js";

type Rights = Required<Pick<Table, "grants" | "comment" | "owner">>;

interface RightsRow {
  readonly oid: string;
  readonly owner: string;
  readonly comment: string | null;
  readonly acl: string | null;
}

/** Tables on which somebody else has rights, or of which something is said. The owner has his without being granted any. */
const RIGHTS = `
  SELECT c.oid::text AS oid, pg_catalog.pg_get_userbyid(c.relowner)::text AS owner, ${commentOn("c.oid", "pg_class")} AS comment,
         (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(x.privilege_type, x.is_grantable,
                   CASE WHEN x.grantee = 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(x.grantee) END))
            FROM pg_catalog.aclexplode(c.relacl) x WHERE x.grantee <> c.relowner)::text AS acl
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND ${NOT_OURS}`;

type Entry = readonly [privilege: string, grantable: boolean, role: string | null, column?: string | null];

/** Statements that give what a list of rights says. @param place what stands in the place of the name */
export function grantsOf(acl: string | null, place: "%table%" | "%object%"): readonly string[] {
  const rights = JSON.parse(acl ?? "[]") as readonly Entry[];
  return rights.map(([privilege, grantable, role, column = null]) => {
    const what = column === null ? privilege : `${privilege} (${quote(column)})`;
    return `GRANT ${what} ON ${place} TO ${role === null ? "PUBLIC" : quote(role)}${grantable ? " WITH GRANT OPTION" : ""}`;
  });
}

/** Who owns each table, what is granted on it as a whole, and its comment, by table oid. */
export async function readTableRights(session: Session): Promise<Map<string, Rights>> {
  const rows = await session.query<RightsRow>(RIGHTS);
  return new Map(
    rows.map(({ oid, owner, acl, comment }) => [
      oid,
      { owner, grants: Object.freeze(grantsOf(acl, "%table%")), comment },
    ]),
  );
}
