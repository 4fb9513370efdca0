import { createHash } from "node:crypto";
import { ZmigrateError } from "../errors.js";
import { positionOf } from "./position.js";

/**
 * The text of a file: UTF-8 without a byte order mark, line ends as LF, so that an editor's or git's line ends are no
 * edit of a migration.
 *
 * @throws ZmigrateError syntax-error when the bytes are not UTF-8: a replacement character would be run as SQL.
 */
export function decodeText(file: string, bytes: Uint8Array): string {
  try {
    return toLf(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
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

/** CRLF as LF. A carriage return by itself stays: it is data. */
export function toLf(text: string): string {
  return text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
}

/** SHA-256 of a text in lower-case hex: a migration's checksum when the text is what `decodeText` returns. */
export function checksum(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
