const WORDS = new Set(
  [
    "null true false as and or not is interval div mod binary char signed unsigned decimal charset utf8mb4",
    "microsecond second minute hour day week month quarter year",
    "now current_timestamp localtime localtimestamp curdate current_date curtime current_time",
    "utc_timestamp utc_date utc_time unix_timestamp from_unixtime",
    "date time date_add date_sub adddate subdate timestampadd last_day makedate date_format",
    "abs round floor ceil ceiling truncate pow power greatest least coalesce ifnull if nullif cast convert",
    "concat concat_ws lower lcase upper ucase left right substr substring mid lpad rpad repeat reverse trim ltrim rtrim replace",
    "hex unhex md5 sha1 sha2 json_array json_object json_compact json_unquote json_quote",
    "uuid_to_bin inet6_aton inet_aton point st_geomfromtext st_pointfromtext",
  ]
    .join(" ")
    .split(" "),
);

/** Literals, with what may stand in front of one of text or bytes: `_utf8mb4'a'`, `x'61'`. */
const LITERAL = /(?:\b_\w+\s*|\b[xbn])?'(?:[^'\\]|''|\\.)*'|\b0x[0-9a-f]+\b|\b\d+(?:\.\d*)?(?:e[-+]?\d+)?/gis;

/**
 * True for an expression that is the same wherever one statement computes it for one row: its functions are known to be
 * of their arguments, or of the moment in which the statement began. Measured on MySQL 9.7 and MariaDB 10.11: a trigger
 * sees the moment that a default was given, also in the last row of a statement that runs long. One that names a column is
 * not: a trigger of the application may have changed that since.
 *
 * @example
 * isRepeatable("(curdate() + interval 1 day)") // true
 * isRepeatable("(uuid())") // false
 */
export function isRepeatable(expression: string): boolean {
  const rest = expression.replace(LITERAL, " ");
  if (/["`@']/.test(rest)) return false;
  return [...rest.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)].every(([word]) => WORDS.has(word.toLowerCase()));
}
