import type { StoredObject } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { grantsOf } from "./table-rights.js";
import { NOT_OURS } from "./tables.js";

interface RightsRow {
  readonly object: StoredObject["object"];
  readonly schema: string | null;
  readonly name: string;
  readonly parameters: string | null;
  readonly owner: string;
  readonly acl: string | null;
}

/**
 * What is granted to others than the owner; what nobody has changed is as the server begins with, EXECUTE of all included.
 *
 * @param more rights on columns
 */
const ACL = (acl: string, kind: string, owner: string, more = "") => `
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(x.privilege_type, x.is_grantable,
            CASE WHEN x.grantee = 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(x.grantee) END, x.place))
     FROM (SELECT NULL::text AS place, y.* FROM pg_catalog.aclexplode(COALESCE(${acl}, pg_catalog.acldefault(${kind}, ${owner}))) y${more}) x
    WHERE x.grantee <> ${owner})::text`;

const ON_COLUMNS = `
           UNION ALL
           SELECT a.attname::text, y.* FROM pg_catalog.pg_attribute a, pg_catalog.aclexplode(a.attacl) y
            WHERE a.attrelid = c.oid AND NOT a.attisdropped`;

const RIGHTS = `
  SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' ELSE 'sequence' END AS object,
         n.nspname::text AS schema, c.relname::text AS name, NULL AS parameters,
         pg_catalog.pg_get_userbyid(c.relowner)::text AS owner,
         ${ACL("c.relacl", `CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END`, "c.relowner", ON_COLUMNS)} AS acl
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('v', 'm', 'S') AND ${NOT_OURS}
  UNION ALL
  SELECT CASE f.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, n.nspname::text, f.proname::text,
         (SELECT COALESCE(pg_catalog.json_agg(t.typname ORDER BY p.at), '[]') FROM pg_catalog.unnest(f.proargtypes) WITH ORDINALITY p (type, at)
            JOIN pg_catalog.pg_type t ON t.oid = p.type)::text, pg_catalog.pg_get_userbyid(f.proowner)::text,
         ${ACL("f.proacl", `'f'::"char"`, "f.proowner")}
  FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
  WHERE f.prokind IN ('f', 'p') AND ${NOT_OURS}
  UNION ALL
  SELECT 'schema', NULL, n.nspname::text, NULL, pg_catalog.pg_get_userbyid(n.nspowner)::text, ${ACL("n.nspacl", `'n'::"char"`, "n.nspowner")}
  FROM pg_catalog.pg_namespace n WHERE ${NOT_OURS}`;

const keyOf = (object: string, schema: string | null, name: string, parameters: readonly string[] | null): string =>
  JSON.stringify([object, schema, name, parameters]);

type ObjectRights = Required<Pick<StoredObject, "grants" | "owner">>;

/** Who owns each view, sequence, routine and schema, and what is granted on it, with its columns; undefined for anything else. */
export async function readObjectRights(session: Session): Promise<(object: StoredObject) => ObjectRights | undefined> {
  const rows = await session.query<RightsRow>(RIGHTS);
  const rights = new Map(
    rows.map((r) => {
      const parameters = r.parameters === null ? null : (JSON.parse(r.parameters) as string[]);
      return [
        keyOf(r.object, r.schema, r.name, parameters),
        { owner: r.owner, grants: Object.freeze(grantsOf(r.acl, "%object%")) },
      ];
    }),
  );
  return ({ object, name, parameters }) => rights.get(keyOf(object, name.schema, name.name, parameters));
}
