/** How many bytes of a name PostgreSQL keeps. */
const NAME_BYTES = 63;

/**
 * The name that PostgreSQL gives to a constraint or index without one: table, columns and what it is, shortened to fit,
 * with a number when it is taken (`makeObjectName`, `ChooseRelationName` in the server's source).
 *
 * @example
 * impliedName("users", ["email"], "key", new Set(["users_email_key"])) // "users_email_key1"
 */
export function impliedName(
  table: string,
  columns: readonly string[],
  label: string,
  taken: ReadonlySet<string>,
): string {
  for (let n = 0; ; n++) {
    const name = objectName(table, columns.join("_"), n === 0 ? label : `${label}${n}`);
    if (!taken.has(name)) return name;
  }
}

/** The longer of the first two parts is shortened, byte by byte, until all fits. */
function objectName(first: string, second: string, label: string): string {
  const room = NAME_BYTES - label.length - 1 - (second === "" ? 0 : 1);
  let one = Buffer.byteLength(first);
  let two = Buffer.byteLength(second);
  while (one + two > room) {
    if (one > two) one--;
    else two--;
  }
  return [clipped(first, one), ...(second === "" ? [] : [clipped(second, two)]), label].join("_");
}

/** No character is cut in two. */
function clipped(text: string, bytes: number): string {
  let length = 0;
  let kept = "";
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return kept;
}
