import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { quote, quoteBeside } from "../names.js";

/** A session notes that it writes the old side once in this time, seconds: other rows cost a comparison. */
const EVERY_S = 60;

/** Tables that who writes the old side is noted in begin so. */
export const WRITERS_PREFIX = "zmigrate_writers_";

export const writersName = (hash: string): string => `${WRITERS_PREFIX}${hash}`;

/** The table that the triggers write to: rows are only added, and no two sessions add the same. */
export function writersTable(relation: RelationName, hash: string): { readonly create: string; readonly drop: string } {
  const table = quoteBeside(relation, writersName(hash));
  return {
    create: `CREATE TABLE ${table} (server bigint NOT NULL, session bigint NOT NULL, at bigint NOT NULL, who varchar(400) NOT NULL, PRIMARY KEY (server, session, at), KEY (at)) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4`,
    drop: `DROP TABLE IF EXISTS ${table}`,
  };
}

/** Is it told who writes the old column alone? One that the server changes by itself looks written by everybody. */
export const tellsWriters = (old: Column): boolean => old.onUpdate === null;

/**
 * The statement of a trigger that notes its writer. No writer waits for another one, and none fails: what goes wrong is
 * passed over. Nothing is read here, nor a row changed that others change: measured on MySQL 9.7, SKIP LOCKED waits in a
 * trigger that also writes the table.
 */
export function noteWriter(relation: RelationName, hash: string): string {
  const table = quoteBeside(relation, writersName(hash));
  const last = `@${quote(`zmigrate_wrote_${hash}`)}`;
  const values = "@@server_id, CONNECTION_ID(), UNIX_TIMESTAMP(), USER()";
  return [
    `IF COALESCE(UNIX_TIMESTAMP() - ${last} NOT BETWEEN 0 AND ${EVERY_S - 1}, TRUE) THEN BEGIN`,
    "DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END;",
    `INSERT IGNORE INTO ${table} VALUES (${values});`,
    `SET ${last} = UNIX_TIMESTAMP(); END; END IF;`,
  ].join(" ");
}
