import type { HelperTrigger } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";

interface HelperRow extends Pick<HelperTrigger, "name" | "fires"> {
  readonly oid: string;
  /** A list in JSON. */
  readonly columns: string;
}

/** The server knows the columns of WHEN and UPDATE OF by their numbers: what they are called by now is where they are. */
const HELPERS = `
  SELECT t.tgrelid::text AS oid, t.tgname::text AS name, t.tgenabled IN ('O', 'A') AS fires,
         pg_catalog.to_json(ARRAY(SELECT DISTINCT a.attname::text FROM pg_catalog.pg_depend d
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND NOT a.attisdropped
                WHERE d.classid = 'pg_catalog.pg_trigger'::regclass AND d.objid = t.oid
                  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.tgrelid
                ORDER BY 1))::text AS columns
  FROM pg_catalog.pg_trigger t
  WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgname ~ '^zzz_zmigrate_'
  ORDER BY t.tgrelid, t.tgname`;

/** Triggers of ours, by table oid. */
export async function readHelpers(session: Session): Promise<ReadonlyMap<string, readonly HelperTrigger[]>> {
  const byTable = new Map<string, HelperTrigger[]>();
  for (const { oid, name, fires, columns } of await session.query<HelperRow>(HELPERS)) {
    const helper = Object.freeze({ name, fires, columns: JSON.parse(columns) as string[] });
    byTable.set(oid, [...(byTable.get(oid) ?? []), helper]);
  }
  return byTable;
}
