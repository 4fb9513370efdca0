import type { RawStmt } from "libpg-query";
import { ZmigrateError } from "../../../errors.js";
import { flatComments } from "./flat-comments.js";
import { byteOffsets, codePointOffset } from "./offsets.js";
import { quickScan } from "./quick-scan.js";

/** A token as PostgreSQL's scanner sees it: UTF-16 offsets. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The keyword in upper case; null for anything that is not a keyword (of any of PostgreSQL's four kinds). */
  readonly keyword: string | null;
  readonly comment: boolean;
}

/** Why PostgreSQL's grammar rejects a text, and the UTF-16 offset where. */
export interface Rejection {
  readonly message: string;
  readonly offset: number;
}

export type RawParse = { readonly statements: readonly RawStmt[] } | { readonly rejection: Rejection };

type Library = Pick<typeof import("libpg-query"), "loadModule" | "parseSync" | "parsePlPgSQLSync" | "scanSync">;

let library: Library | null = null;

/** After anything but a syntax error the library's memory is not to be trusted: its answers could be wrong. */
let damaged = false;

/** Loads PostgreSQL's grammar (WebAssembly, about 20 ms); nothing when it is loaded already. */
export async function loadParser(): Promise<void> {
  if (library !== null) return;
  const loaded = await import("libpg-query");
  await loaded.loadModule();
  library = loaded;
}

function loadedLibrary(): Library {
  if (library === null) throw new ZmigrateError("internal", { reason: "the PostgreSQL parser was used before load()" });
  return library;
}

/** Statements with their byte locations, or the first thing that PostgreSQL's grammar rejects. */
export function rawParse(text: string): RawParse {
  const nul = text.indexOf("\0");
  // The C side would end the text there, and what follows would pass unread.
  if (nul >= 0) return { rejection: { message: "the text holds a NUL character", offset: nul } };
  if (text === "") return { statements: [] };
  if (damaged)
    return { rejection: { message: "the parser failed on an earlier text and is not used again", offset: 0 } };
  const { parseSync } = loadedLibrary();
  try {
    return { statements: parseSync(flatComments(text)).stmts ?? [] };
  } catch (error) {
    return { rejection: rejectionOf(error, text) };
  }
}

function rejectionOf(error: unknown, text: string): Rejection {
  const details = (error as { sqlDetails?: { message: string; cursorPosition: number } }).sqlDetails;
  // libpg-query counts code points from 0, where its locations in trees count bytes.
  if (details !== undefined) {
    return { message: details.message, offset: codePointOffset(text, details.cursorPosition) };
  }
  damaged = true;
  return { message: `the statement cannot be parsed: ${String(error)}`, offset: Math.max(text.search(/\S/), 0) };
}

/** What plpgsql makes of a routine or a DO block, or why it rejects it. There is no place: its errors have none. */
export type RawRoutine = { readonly tree: unknown } | { readonly message: string };

/**
 * The tree of a CREATE FUNCTION or DO in plpgsql. The text must be a statement that `rawParse` accepts, and its body not
 * nested too deeply.
 */
export function rawRoutine(statement: string): RawRoutine {
  if (damaged) return { message: "the parser failed on an earlier text and is not used again" };
  try {
    return { tree: loadedLibrary().parsePlPgSQLSync(statement) };
  } catch (error) {
    // plpgsql's own errors are plain; anything else is a failure of the library.
    if (!(error instanceof Error) || error.constructor !== Error) damaged = true;
    return { message: error instanceof Error ? error.message : String(error) };
  }
}

/** All tokens, comments included; null when the scanner gives up (an unterminated string or comment). */
export function rawScan(text: string): Token[] | null {
  return quickScan(text) ?? fullScan(text);
}

/** The same from PostgreSQL's own scanner, whatever the text holds. */
export function fullScan(text: string): Token[] | null {
  const scannable = flatComments(text.replace(CONTROL, " "));
  if (scannable === "") return [];
  const { scanSync } = loadedLibrary();
  try {
    const at = byteOffsets(text);
    return scanSync(scannable).tokens.map((t) => ({
      start: at(t.start),
      end: at(t.end),
      text: text.slice(at(t.start), at(t.end)),
      keyword: t.keywordKind > 0 ? t.text.toUpperCase() : null,
      comment: t.tokenName === "SQL_COMMENT" || t.tokenName === "C_COMMENT",
    }));
  } catch {
    return null;
  }
}

/**
 * libpg-query's scanner prints these into its JSON as they are, which then is no JSON. They matter only inside strings
 * and comments, or as white space; a blank of the same length leaves all tokens where they are.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f]/g;
