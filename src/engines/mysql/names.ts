import type { RelationName } from "../../model/name.js";
import { sha256 } from "../../sha256.js";

/** MySQL and MariaDB cut no identifier: one of more than 64 characters is refused (error 1059). */
const MAX_CHARACTERS = 64;

/** Why the servers take no such name for a column, table or index (errors 1059, 1166); null when they do. */
export function nameProblem(name: string): string | null {
  if (name === "") return "is empty";
  const length = [...name].length;
  if (length > MAX_CHARACTERS) return `has ${length} characters; MySQL and MariaDB take ${MAX_CHARACTERS}`;
  if (/\s$/.test(name)) return "ends with a space";
  return /[\0\u{10000}-\u{10FFFF}]/u.test(name) ? "has a character that names may not have" : null;
}

/** The tables that zmigrate keeps in the user's database. */
export const OWN_TABLES: readonly string[] = Object.freeze([
  "zmigrate_meta",
  "zmigrate_migrations",
  "zmigrate_steps",
  "zmigrate_backfills",
  "zmigrate_ranges",
  "zmigrate_controls",
  "zmigrate_bad_rows",
  "zmigrate_audit",
  "zmigrate_heartbeat",
  "zmigrate_runner",
]);

/** A sync or follow trigger begins with this; gates do not count it as a user of the column. */
/**
 * The first member of an ENUM, as the default that one is lent on MariaDB: nobody writes it so, and no member's text is in
 * it, so that the catalog tells which default is ours, whatever the column is called.
 */
export const LENT_ENUM = "(0 + 1)";

export const TRIGGER_PREFIX = "zmigrate_";

/** `` a`b `` becomes `` `a``b` ``. */
export function quote(identifier: string): string {
  return `\`${identifier.replaceAll("`", "``")}\``;
}

/** `` `schema`.`name` ``, or `` `name` `` when no schema is named. */
export function quoteRelation(relation: RelationName): string {
  return relation.schema === null ? quote(relation.name) : `${quote(relation.schema)}.${quote(relation.name)}`;
}

/** A name in the same schema as a relation, e.g. a trigger of a table. */
export function quoteBeside(relation: RelationName, name: string): string {
  return quoteRelation({ schema: relation.schema, name });
}

/** A string constant. Our sessions never have NO_BACKSLASH_ESCAPES, so a backslash is an escape. */
export function literal(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\0", "\\0")}'`;
}

/** Eight hex digits that tell apart what one migration makes for one thing. */
export function shortHash(...parts: readonly string[]): string {
  return sha256(parts.join("\0")).slice(0, 8);
}

/**
 * A name of ours: prefix, as much of the original as fits, hash. Never longer than 64 characters, and ASCII: MySQL's
 * INSTANT DROP COLUMN fails on a longer name whose 64th byte lies within a character (seen on 9.7).
 *
 * @example generatedName("zmigrate_dropped", "user_email", "0a1b2c3d") // zmigrate_dropped_user_email_0a1b2c3d
 */
export function generatedName(prefix: string, original: string, hash: string): string {
  const room = MAX_CHARACTERS - prefix.length - hash.length - 2;
  return `${prefix}_${original.replace(/[^A-Za-z0-9_]/g, "_").slice(0, room)}_${hash}`;
}
