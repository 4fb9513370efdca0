import type { RelationName } from "../../../model/name.js";
import { literal, quote } from "../names.js";

/** In a trigger DATABASE() is the schema of its table, whichever one the session is in (MySQL 9.7, MariaDB 10.11). */
const schemaOf = (relation: RelationName) => {
  const schema = relation.schema === null ? "DATABASE()" : literal(relation.schema);
  return `IF(@@lower_case_table_names = 0, ${schema}, LOWER(${schema}))`;
};

/** A table's name as an expression: the same text in the session that backfills it and in its triggers. */
const nameOf = (relation: RelationName) => `CONCAT(${schemaOf(relation)}, ${literal(`.${quote(relation.name)}`)})`;

/** Marks what a session writes to this table as a backfill. Its rows' own triggers may write to other tables. */
export const markBackfill = (relation: RelationName): string => `SET @zmigrate_backfill = ${nameOf(relation)}`;

/** True in a trigger of the table while a session backfills it. Compared as bytes: collations take `T` and `t` for one. */
export const inBackfill = (relation: RelationName): string =>
  `CAST(@zmigrate_backfill AS BINARY) <=> CAST(${nameOf(relation)} AS BINARY)`;
