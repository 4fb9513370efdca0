import type { Span } from "../../../../../model/span.js";
import type { Token } from "../../library.js";
import { tokenAt } from "../../source.js";
import type { Piece } from "./plpgsql.js";

/** Finds pieces of SQL in a body again: plpgsql's tree has their lines and nothing more. */
export interface Locator {
  /** Offsets in the body; null when it is not found. Pieces must be asked for in the order of the text. */
  locate(piece: Piece): Span | null;
}

/** `tokens` are the body's, without comments: what a comment says is not found. */
export function locator(body: string, tokens: readonly Token[]): Locator {
  const lines = lineStarts(body);
  let cursor = 0;
  const locate = (piece: Piece): Span | null => {
    const line = lines[piece.line - 1] ?? 0;
    if (piece.declared) return find(body, tokens, line, piece);
    const found = find(body, tokens, Math.max(cursor, line), piece);
    // The same text may stand in front of the piece, never behind it: the next one is behind either.
    if (found !== null) cursor = found.end;
    return found;
  };
  return { locate };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}

function find(body: string, tokens: readonly Token[], from: number, piece: Piece): Span | null {
  const words = wordsOf(piece);
  for (let i = tokenAt(tokens, from); i < tokens.length; i++) {
    const start = tokens[i]?.start ?? 0;
    const found = words.find((word) => matches(body, start, word));
    if (found !== undefined) return { start, end: start + found.length };
  }
  return null;
}

/** plpgsql turns PERFORM into SELECT, which is a letter shorter. */
function wordsOf(piece: Piece): readonly string[] {
  if (piece.query === "") return [piece.kind];
  const perform = /^SELECT/.test(piece.query) ? [`PERFORM${piece.query.slice("SELECT".length)}`] : [];
  return [piece.query, ...perform];
}

/** Blanks stand for anything: plpgsql puts them in the place of INTO and its targets. */
function matches(body: string, start: number, text: string): boolean {
  if (start + text.length > body.length) return false;
  for (let i = 0; i < text.length; i++) {
    const wanted = text[i] ?? "";
    if (wanted !== " " && wanted.toLowerCase() !== (body[start + i] ?? "").toLowerCase()) return false;
  }
  return true;
}
