import type { Lookup } from "../../../model/detail/data.js";
import type { Execution } from "../../../model/execution.js";
import type { RelationName } from "../../../model/name.js";
import type { Span } from "../../../model/span.js";
import type { ReservedName, SyntaxProblem } from "../../../model/statement.js";
import type { MysqlDialect } from "./dialect.js";
import type { Token } from "./token.js";

/** What a statement has said so far of how it is to be carried out. */
export type ExecutionDraft = { -readonly [K in keyof Execution]: Execution[K] };

/** The place of a reader in the tokens of one statement. Readers move it forward and never back, except by `reset`. */
export interface Cursor {
  readonly text: string;
  readonly dialect: MysqlDialect;
  /** The statement's tokens; no semicolon, no delimiter, none of them broken. */
  readonly tokens: readonly Token[];
  index: number;
  /** How many readers of what holds the like of itself are at work. */
  depth: number;
  /** The token that began the last argument of a call. */
  argument: number;
  /** The relations that queries were seen to read, in the order of the text; CTEs are none. */
  readonly read: RelationName[];
  /** The functions that were seen to be called and that may do more than compute, in the order of the text. */
  readonly calls: RelationName[];
  /** Those of them that stand alone behind FROM, each with its WHERE. */
  readonly lookups: Lookup[];
  /** The names of the CTEs seen so far, in lower case. */
  readonly ctes: Set<string>;
  /** The names seen so far that only some versions take without backticks, by where they begin. */
  readonly reservedNames: Map<number, ReservedName>;
  /** How the statement asks to be carried out. */
  readonly execution: ExecutionDraft;
  /** Why the rest of the statement was not understood, where a reader gave up on it; null where none did. */
  misread: SyntaxProblem | null;
  /** Stands for everything behind the last token. */
  readonly end: Token;
}

/** Thrown by readers, caught by `parseMysql`: never seen outside of this folder. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
  readonly span: Span;
  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }
}

export function newCursor(text: string, dialect: MysqlDialect, tokens: readonly Token[]): Cursor {
  const at = tokens.at(-1)?.span.end ?? 0;
  const end: Token = { kind: "end", text: "", value: "", upper: "", span: { start: at, end: at }, region: -1 };
  return {
    text,
    dialect,
    tokens,
    index: 0,
    depth: 0,
    argument: -1,
    read: [],
    calls: [],
    lookups: [],
    ctes: new Set(),
    reservedNames: new Map(),
    execution: newExecution(),
    misread: null,
    end,
  };
}

/** A cursor at another place of the same statement, which leaves this one as it is. */
export const aside = (cursor: Cursor, index: number): Cursor => ({
  ...cursor,
  index,
  read: [],
  calls: [],
  lookups: [],
  ctes: new Set(),
});

function newExecution(): ExecutionDraft {
  return { algorithm: null, lock: null, waitSeconds: null, online: false, ignore: false, validation: null };
}

export function peek(cursor: Cursor, ahead = 0): Token {
  return cursor.tokens[cursor.index + ahead] ?? cursor.end;
}

export function next(cursor: Cursor): Token {
  const token = peek(cursor);
  if (token.kind !== "end") cursor.index += 1;
  return token;
}

export function atEnd(cursor: Cursor): boolean {
  return cursor.index >= cursor.tokens.length;
}

/** Whether a bare keyword or an operator stands at this place. Keywords are written in upper case here. */
export function looksAt(cursor: Cursor, wanted: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.kind === "word" ? token.upper === wanted : token.kind === "operator" && token.text === wanted;
}

/** Whether these keywords or operators come next, in this order. */
export function sees(cursor: Cursor, ...wanted: readonly string[]): boolean {
  return wanted.every((word, ahead) => looksAt(cursor, word, ahead));
}

/** Moves over these keywords or operators if all of them come next. */
export function accept(cursor: Cursor, ...wanted: readonly string[]): boolean {
  if (!sees(cursor, ...wanted)) return false;
  cursor.index += wanted.length;
  return true;
}

/** Moves over one of these keywords or operators, and says which. */
export function acceptOneOf(cursor: Cursor, wanted: readonly string[]): string | null {
  const found = wanted.find((word) => looksAt(cursor, word));
  if (found === undefined) return null;
  cursor.index += 1;
  return found;
}

/** @throws Unreadable when something else comes next. */
export function expect(cursor: Cursor, ...wanted: readonly string[]): void {
  for (const word of wanted) if (!accept(cursor, word)) fail(cursor, word);
}

/** @throws Unreadable always: what was wanted, and what stands there. */
export function fail(cursor: Cursor, wanted: string): never {
  const token = peek(cursor);
  const found = token.kind === "end" ? "the statement ends" : `found ${shorten(token.text)}`;
  throw new Unreadable(`Expected ${wanted}, but ${found}.`, token.span);
}

/** @throws Unreadable always, about the tokens from `start` up to here. */
export function refuse(cursor: Cursor, start: number, message: string): never {
  throw new Unreadable(message, spanFrom(cursor, start));
}

/** @throws Unreadable unless every token has been read. */
export function expectEnd(cursor: Cursor): void {
  if (!atEnd(cursor)) fail(cursor, "the end of the statement");
}

/** From the token at index `start` to the last one read. */
export function spanFrom(cursor: Cursor, start: number): Span {
  const first = cursor.tokens[start] ?? cursor.end;
  const last = cursor.tokens[Math.max(start, cursor.index - 1)] ?? cursor.end;
  return { start: first.span.start, end: last.span.end };
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 37)}...` : line;
}
