import type { OwnedObject } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { grantsOf } from "./table-rights.js";
import { NOT_OURS } from "./tables.js";

interface OwnerRow {
  readonly object: OwnedObject["object"];
  readonly schema: string | null;
  readonly name: string;
  readonly parameters: string | null;
  readonly owner: string;
  readonly acl: string | null;
}

/** What is granted to others than the owner; what nobody has changed is as the server begins with, for everybody. */
const ACL = (acl: string, kind: string, owner: string) => `
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(x.privilege_type, x.is_grantable,
            CASE WHEN x.grantee = 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(x.grantee) END))
     FROM pg_catalog.aclexplode(COALESCE(${acl}, pg_catalog.acldefault('${kind}', ${owner}))) x WHERE x.grantee <> ${owner})::text`;

/** A type that goes with its table is none of its own. */
const OWNERS = `
  SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END AS object, n.nspname::text AS schema, t.typname::text AS name, NULL AS parameters,
         pg_catalog.pg_get_userbyid(t.typowner)::text AS owner, ${ACL("t.typacl", "T", "t.typowner")} AS acl
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  WHERE t.typtype IN ('b', 'c', 'd', 'e', 'r') AND t.typcategory <> 'A' AND (t.typrelid = 0 OR c.relkind = 'c') AND ${NOT_OURS}
  UNION ALL
  SELECT 'statistics', n.nspname::text, s.stxname::text, NULL, pg_catalog.pg_get_userbyid(s.stxowner)::text, NULL
  FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE ${NOT_OURS}
  UNION ALL
  SELECT 'publication', NULL, p.pubname::text, NULL, pg_catalog.pg_get_userbyid(p.pubowner)::text, NULL FROM pg_catalog.pg_publication p
  UNION ALL
  SELECT 'aggregate', n.nspname::text, f.proname::text,
         (SELECT COALESCE(pg_catalog.json_agg(t.typname ORDER BY p.at), '[]') FROM pg_catalog.unnest(f.proargtypes) WITH ORDINALITY p (type, at)
            JOIN pg_catalog.pg_type t ON t.oid = p.type)::text,
         pg_catalog.pg_get_userbyid(f.proowner)::text, ${ACL("f.proacl", "f", "f.proowner")}
  FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace WHERE f.prokind = 'a' AND ${NOT_OURS}`;

/** Who owns what is not read otherwise: types, statistics objects, publications and aggregates. */
export async function readOwners(session: Session): Promise<readonly OwnedObject[]> {
  const rows = await session.query<OwnerRow>(OWNERS);
  return Object.freeze(
    rows.map(({ object, schema, name, parameters, owner, acl }) =>
      Object.freeze({
        object,
        name: Object.freeze({ schema, name }),
        parameters: parameters === null ? null : Object.freeze(JSON.parse(parameters) as string[]),
        owner,
        grants: Object.freeze(grantsOf(acl, "%object%")),
      }),
    ),
  );
}
