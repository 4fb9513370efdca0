import type { Code, CodeOperation, UnknownCode } from "../../../../../model/detail/code.js";
import type { Query } from "../../../../../model/detail/data.js";
import type { Operation } from "../../../../../model/operation.js";
import type { Span } from "../../../../../model/span.js";
import { asksFor } from "../../../../asked-for.js";
import { deepTokens, TOO_DEEP } from "../../depth.js";
import { rawScan, type Token } from "../../library.js";
import type { ReadOperations } from "../context.js";
import { givenParts } from "../data/given-parts.js";
import { otherOperation } from "../other.js";
import { constantText } from "./constant-text.js";
import { type Locator, locator } from "./locate.js";
import { type Piece, piecesOf } from "./plpgsql.js";
import type { Quoted } from "./quoted.js";
import { type Holder, routineSource } from "./routine-source.js";
import { rowVariables, variablesOf, writtenName } from "./row-variables.js";
import { moveSpans } from "./spans.js";
import { type SqlStatement, sqlStatements } from "./sql.js";
import { triggerBody } from "./trigger-body.js";
import { type TypedRoutine, typedRoutine } from "./typed-routine.js";

/** A body that is read. */
export interface Body {
  readonly quoted: Quoted;
  /** Where it stands in the file. */
  readonly span: Span;
  readonly read: ReadOperations;
}

type Found = Pick<Code, "operations" | "unknown">;

/** A body in plpgsql. */
export function plpgsqlCode(holder: Holder, body: Body): Code {
  const scanned = rawScan(body.quoted.text);
  const tokens = scanned?.filter((t) => !t.comment) ?? null;
  const deep = scanned !== null && deepTokens(scanned).length > 0;
  const text = routineSource(holder, body.quoted, body.span, tokens ?? []);
  const routine: TypedRoutine = deep ? { message: TOO_DEEP } : typedRoutine(text);
  if (tokens === null || "message" in routine) {
    const message = "message" in routine ? routine.message : "it cannot be split into tokens";
    return codeOf("plpgsql", body, { operations: [], unknown: [unknownAt(body.span, "unreadable", message)] });
  }
  const code = codeOf("plpgsql", body, readPieces(piecesOf(routine.tree), body, tokens));
  const trigger = triggerBody(routine.tree);
  const rows = rowVariables(routine.tree);
  const values = (routine.values ?? []).flatMap((one) => {
    const type = writtenName(text.typeOf(one));
    return type === null ? [] : [[one.name, type] as const];
  });
  return Object.freeze({
    ...code,
    ...(rows === null ? {} : { rows }),
    variables: variablesOf(routine.tree, body.quoted.text),
    ...(values.length === 0 ? {} : { values: Object.freeze(Object.fromEntries(values)) }),
    ...(trigger === null ? {} : { trigger }),
  });
}

/** A body in SQL: its statements one after the other. */
export function sqlCode(body: Body): Code {
  const plain = {
    line: 1,
    repeated: false,
    fewTurns: false,
    turns: [],
    conditional: false,
    branch: [],
    asked: [],
    guarded: false,
    behindExit: false,
    exits: 0,
    overWrites: false,
    chain: false,
    declared: false,
    returned: true,
  };
  const piece: Piece = { kind: "statement", query: body.quoted.text, ...plain };
  return codeOf("sql", body, readText(piece, body, body.quoted.text, wholePlace(body)));
}

/** A body in a language that is not read. */
export function foreignCode(language: string, span: Span): Code {
  const unknown = [unknownAt(span, "language", `code in ${language} is not read`)];
  return Object.freeze({ language, span, operations: Object.freeze([]), unknown: Object.freeze(unknown) });
}

function codeOf(language: string, body: Body, found: Found): Code {
  return Object.freeze({
    language,
    span: body.span,
    operations: Object.freeze(found.operations),
    unknown: Object.freeze(found.unknown),
  });
}

function readPieces(pieces: readonly Piece[], body: Body, tokens: readonly Token[]): Found {
  const find = locator(body.quoted.text, tokens);
  const found = pieces.map((piece) => readPiece(piece, body, find));
  return { operations: found.flatMap((f) => f.operations), unknown: found.flatMap((f) => f.unknown) };
}

function readPiece(piece: Piece, body: Body, find: Locator): Found {
  const own = find.locate(piece);
  const at = own === null ? null : spanIn(body, own);
  const whole = at ?? body.span;
  switch (piece.kind) {
    case "statement":
      return readText(piece, body, piece.query, own === null ? whole : place(body, own, piece.query.length));
    case "dynamic":
      return readDynamic(piece, body, whole);
    case "expression":
      return readValue(piece, body, whole);
    default:
      return { operations: [entry({ ...piece, turns: [null] }, endOperation(piece, whole), piece.kind)], unknown: [] };
  }
}

/** Where a text's offsets lie: a place for all of them, or a way from one to the other. */
type Place = Span | ((span: Span) => Span);

/** `found` is where the text stands. What PERFORM became is a letter shorter than it, at its beginning. */
function place(body: Body, found: Span, length: number): Place {
  const { at } = body.quoted;
  if (at === null) return body.span;
  const shift = found.end - length;
  return ({ start, end }) => ({ start: at(start === 0 ? found.start : shift + start), end: at(shift + end) });
}

function wholePlace(body: Body): Place {
  const { length } = body.quoted.text;
  return place(body, { start: 0, end: length }, length);
}

function spanIn(body: Body, { start, end }: Span): Span {
  const { at } = body.quoted;
  return at === null ? body.span : Object.freeze({ start: at(start), end: at(end) });
}

function readText(piece: Piece, body: Body, text: string, at: Place): Found {
  const statements = sqlStatements(text, body.read);
  if (typeof statements === "string") {
    const span = typeof at === "function" ? at({ start: 0, end: text.length }) : at;
    return { operations: [], unknown: [unknownAt(span, "unreadable", statements)] };
  }
  const move = typeof at === "function" ? at : () => at;
  const last = statements.at(-1);
  const turns = piece.repeated && piece.fewTurns ? piece.turns.map((query) => queryIn(query, body)) : [null];
  return { operations: statements.flatMap((s) => entries({ ...piece, turns }, s, move, s === last)), unknown: [] };
}

/** A piece, and what the loops that it stands in go over: null for what is no query. */
interface TurnedPiece extends Omit<Piece, "turns"> {
  readonly turns: readonly (Query | null)[];
}

function queryIn(text: string, { read }: Body): Query | null {
  const statements = sqlStatements(text, read);
  const [only, more] = typeof statements === "string" ? [] : statements.flatMap(({ operations }) => operations);
  const detail = only?.kind === "other" ? only.detail : undefined;
  return more === undefined && detail?.kind === "query" ? detail : null;
}

/** Of several statements the last one gives back its rows, and of what it does what is not in its WITH. */
function entries(
  piece: TurnedPiece,
  { statement, operations, node }: SqlStatement,
  move: (span: Span) => Span,
  isLast: boolean,
): CodeOperation[] {
  const result = piece.returned && isLast ? givenParts(node) : null;
  return operations.map((operation, at) => {
    const own = entry(piece, moveSpans(operation, move), statement);
    return result === null || at < operations.length - 1 ? own : Object.freeze({ ...own, result });
  });
}

function entry(piece: TurnedPiece, operation: Operation, statement: string): CodeOperation {
  const { repeated, turns, conditional, branch, asked, guarded, behindExit, exits, overWrites } = piece;
  const settled = conditional && !repeated && asked?.every((question) => asksFor(question, operation)) === true;
  const within = {
    ...(branch.length > 0 ? { branch } : {}),
    ...(settled ? { settled } : {}),
    ...(guarded ? { guarded } : {}),
    ...(behindExit ? { behindExit } : {}),
    ...(exits > 0 ? { exits } : {}),
    ...(overWrites ? { overWrites } : {}),
    ...turnsOf(turns),
  };
  return Object.freeze({ operation, statement, repeated, conditional, ...within });
}

function turnsOf(turns: TurnedPiece["turns"]): Pick<CodeOperation, "fewTurns" | "turns"> {
  const queries = turns.filter((query) => query !== null);
  if (queries.length < turns.length) return {};
  return queries.length === 0 ? { fewTurns: true } : { turns: Object.freeze(queries) };
}

/** EXECUTE of a literal is that statement; of anything else it is unknown what runs. */
function readDynamic(piece: Piece, body: Body, at: Span): Found {
  const text = constantText(piece.query);
  if (text !== null) return readText(piece, body, text, at);
  return { operations: [], unknown: [unknownAt(at, "dynamic", `EXECUTE ${piece.query}`)] };
}

/** A value matters when it calls or reads something. */
function readValue(piece: Piece, body: Body, at: Span): Found {
  if (!/[("]|\bselect\b/i.test(piece.query)) return { operations: [], unknown: [] };
  const found = readText(piece, body, `SELECT ${piece.query}`, at);
  return { ...found, operations: found.operations.filter((o) => !o.operation.kind.startsWith("other") || active(o)) };
}

function active({ operation }: CodeOperation): boolean {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind !== "query") return true;
  return detail.reads.length > 0 || (detail.calls ?? []).length > 0;
}

function endOperation(piece: Piece, span: Span): Operation {
  const action = piece.kind === "commit" ? "commit" : "rollback";
  const how = { chain: piece.chain, name: null, distributed: false, readOnly: null, undoesSchema: true };
  const detail = { kind: "transaction", action, ...how } as const;
  return otherOperation(action, null, span, { detail, harmless: action === "commit" });
}

function unknownAt(span: Span, why: UnknownCode["why"], message: string): UnknownCode {
  return Object.freeze({ span: Object.freeze(span), why, message });
}
