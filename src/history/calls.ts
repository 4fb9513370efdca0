import { changesNamedTable, keepsToItself } from "../engines/postgres/extension-functions.js";
import { partsOfName } from "../engines/postgres/names.js";
import type { RelationName } from "../model/name.js";

/** PostgreSQL's own functions, as far as migrations call them for what they do. Most begin alike. */
const BUILT_IN =
  /^(pg_|current_|session_|array_|json|to_|regexp_|string_|generate_|has_|inet_|txid_|date_|make_|set_bit|num|row_|bool_|bit_|xml|ts_|quote_|convert|lo_|gen_random_|uuid|statement_|clock_|transaction_|col_|obj_|format)/;
const NAMES: ReadonlySet<string> = new Set(
  `setval nextval currval lastval set_config setseed now version count sum min max avg lower upper length coalesce concat
  concat_ws replace substr substring trim btrim ltrim rtrim split_part position strpos left right md5 sha256 sha512 encode
  decode abs round ceil floor random greatest least nullif exists unnest format_type age extract timezone timeofday now
  sleep_for notify cardinality row_to_json every rank dense_rank lag lead first_value last_value ntile mod power sqrt
  digest crypt overlay initcap reverse repeat lpad rpad translate ascii chr starts_with user database schema`.split(
    /\s+/,
  ),
);

/**
 * The tables whose shape a call of a function that no file made may change, by what is known of servers and extensions:
 * none of one of theirs, those that its texts name of one that is told a table; null for any.
 *
 * @param texts the literals that are passed to it
 */
export function tablesOfCall(name: RelationName, texts: readonly string[]): readonly RelationName[] | null {
  if (!mayChangeSchema(name)) return [];
  return changesNamedTable(name) ? texts.map(relationIn) : null;
}

function relationIn(text: string): RelationName {
  const parts = partsOfName(text);
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "" };
}

/** Whether a function may be one that changes a schema: anything that is not certainly the server's own, or keeps to what is an extension's. */
function mayChangeSchema(name: RelationName): boolean {
  if (name.schema !== null && name.schema !== "pg_catalog") return !keepsToItself(name);
  return !NAMES.has(name.name) && !BUILT_IN.test(name.name);
}
