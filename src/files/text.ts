import { ZmigrateError } from "../errors.js";
import { sha256 } from "../sha256.js";
import { positionOf } from "./position.js";

/**
 * The text of a file: UTF-8 without a byte order mark, line ends as LF, so that an editor's or git's line ends are no
 * edit of a migration.
 *
 * @throws ZmigrateError syntax-error when the bytes are not UTF-8, UTF-16 by name: a replacement character would be run as SQL.
 */
export function decodeText(file: string, bytes: Uint8Array): string {
  refuseWide(file, bytes);
  try {
    return toLf(STRICT.decode(bytes));
  } catch (cause) {
    const text = new TextDecoder("utf-8").decode(bytes);
    const place = positionOf(text, text.indexOf("\uFFFD"));
    throw new ZmigrateError(
      "syntax-error",
      { file, ...place, reason: "the file is not UTF-8 from here on" },
      { cause },
    );
  }
}

/** One for all files: each takes longer to make than a small file to decode. */
const STRICT = new TextDecoder("utf-8", { fatal: true });

/** UTF-16 by its mark, or by the NUL bytes that it has beside each ASCII letter; a binary file has them too. */
function refuseWide(file: string, bytes: Uint8Array): void {
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const nul = bytes.indexOf(0);
  // In a text that is UTF-8 otherwise, a single NUL is for the parser to refuse at its place.
  if (!marked && (nul === -1 || nul > 1)) return;
  const reason = marked
    ? "the file is UTF-16; save it as UTF-8"
    : "the file begins with a NUL byte: it is UTF-16 or binary";
  throw new ZmigrateError("syntax-error", { file, line: 1, column: 1, reason });
}

/** CRLF as LF. A carriage return by itself stays: it is data. */
export function toLf(text: string): string {
  return text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
}

/** SHA-256 of a text in lower-case hex: a migration's checksum when the text is what `decodeText` returns. */
export function checksum(text: string): string {
  return sha256(text);
}
