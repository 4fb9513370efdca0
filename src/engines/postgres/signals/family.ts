import type { RelationName } from "../../../model/name.js";
import { quoteRelation } from "../names.js";

/** `WITH RECURSIVE` and this: `family` has the table of `$1` and all below it. Reads the catalog, and locks no table. */
export const FAMILY = `family (oid) AS (
    SELECT pg_catalog.to_regclass($1)::oid
    UNION
    SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN family f ON i.inhparent = f.oid)`;

/** What `$1` is for a table. */
export const familyOf = (relation: RelationName): string => quoteRelation(relation);
