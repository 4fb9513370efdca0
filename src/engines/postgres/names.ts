import type { RelationName } from "../../model/name.js";
import { sha256 } from "../../sha256.js";

/** PostgreSQL cuts identifiers at 63 bytes (NAMEDATALEN - 1). */
const MAX_BYTES = 63;

/** `a"b` becomes `"a""b"`. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** `"schema"."name"`, or `"name"` when no schema is named. */
export function quoteRelation(relation: RelationName): string {
  return relation.schema === null ? quote(relation.name) : `${quote(relation.schema)}.${quote(relation.name)}`;
}

/** The parts of a name as a text has it: `public."Users"`. */
export const partsOfName = (text: string): readonly string[] =>
  [...text.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(
    ([, quoted, bare = ""]) => quoted?.replaceAll('""', '"') ?? bare.trim().toLowerCase(),
  );

/** A string constant that means the same whatever standard_conforming_strings says. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return quoted.includes("\\") ? ` E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

/** Ten hex digits that tell apart what one migration makes for one thing. */
export function shortHash(...parts: readonly string[]): string {
  return sha256(parts.join("\0")).slice(0, 10);
}

function cutToBytes(text: string, bytes: number): string {
  let cut = text;
  while (Buffer.byteLength(cut) > bytes) cut = [...cut].slice(0, -1).join("");
  return cut;
}

/**
 * A name of ours: prefix, as much of the original as fits, hash. Never longer than 63 bytes.
 *
 * @example generatedName("zmigrate_dropped", "user_email", "0a1b2c3d4e") // zmigrate_dropped_user_email_0a1b2c3d4e
 */
export function generatedName(prefix: string, original: string, hash: string): string {
  const room = MAX_BYTES - Buffer.byteLength(prefix) - hash.length - 2;
  return `${prefix}_${cutToBytes(original, room)}_${hash}`;
}

/** A name as part of a step's id, which is one word: itself, or a hash where it is none. */
export const idPart = (name: string): string => (/^[\p{L}\p{N}_$-]+$/u.test(name) ? name : shortHash(name));

/** Quotes of a function's body that it does not hold itself: a column's name may. */
export function dollarQuotes(body: string): string {
  let quotes = "$zmigrate$";
  for (let n = 1; body.includes(quotes); n += 1) quotes = `$zmigrate${n}$`;
  return quotes;
}
