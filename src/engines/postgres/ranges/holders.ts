import type { RelationName } from "../../../model/name.js";
import type { Session } from "../../engine.js";
import { quoteRelation } from "../names.js";

/** A partition that is on its way out gets no constraint of its parent's any more. The rows of foreign tables are another server's. */
const HOLDERS = `
  WITH RECURSIVE family (oid) AS (
    SELECT pg_catalog.to_regclass($1)::oid
    UNION
    SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN family f ON i.inhparent = f.oid WHERE NOT i.inhdetachpending)
  SELECT n.nspname::text AS schema, c.relname::text AS name
    FROM family f JOIN pg_catalog.pg_class c ON c.oid = f.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind = 'r' ORDER BY 1, 2`;

/** See `Database.rowHolders`. */
export const rowHolders = (session: Session, relation: RelationName): Promise<readonly RelationName[]> =>
  session.query<{ schema: string; name: string }>(HOLDERS, [quoteRelation(relation)]);
