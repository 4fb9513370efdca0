import type { CreateFunctionStmt, DefElem } from "libpg-query";
import type { Code } from "../../../../../model/detail/code.js";
import { bodies, body, relationFrom, strings } from "../../ast.js";
import { isSet, optionValue } from "../../def-elem.js";
import { findKeyword, spanOf, tokenAt } from "../../source.js";
import type { Reading } from "../context.js";
import { created } from "../object/create.js";
import { one, type PartReader, reader } from "../part.js";
import { atomicCode } from "./atomic.js";
import { type Declared, declaredParameters } from "./declarations.js";
import { ownPath } from "./own-path.js";
import { quotedText } from "./quoted.js";
import { type Body, foreignCode, plpgsqlCode, sqlCode } from "./routine.js";
import { routineShape } from "./routine-shape.js";

/** Statements that hold code: blocks, routines, prepared statements. */
export const CODE_READERS: readonly (readonly [string, PartReader])[] = [
  reader("DoStmt", (stmt, reading) => {
    const code = quotedCode(bodies(stmt.args, "DefElem"), "plpgsql", [], reading);
    return one(null, { kind: "opaque", how: "do", name: null, ...(code === null ? {} : { code }) });
  }),
  reader("CreateFunctionStmt", (stmt, reading) => {
    const code = routineCode(stmt, reading);
    const object = stmt.is_procedure === true ? "procedure" : "function";
    const how = { orReplace: stmt.replace ?? false, body: code?.span ?? null, ...(code === null ? {} : { code }) };
    const steady = isSteady(bodies(stmt.options, "DefElem")) ? { steady: true } : {};
    const { text } = reading.source;
    const atomic = stmt.sql_body === undefined || code === null ? null : text.slice(code.span.start, code.span.end);
    const shape = routineShape(stmt, atomic);
    const routine = shape === null ? {} : { routine: shape };
    return one(null, created(object, relationFrom(strings(stmt.funcname)), { ...how, ...steady, ...routine }));
  }),
  reader("PrepareStmt", (stmt, reading) => {
    const as = findKeyword(reading.source, reading.run, "AS");
    if (as === null || stmt.query === undefined) return null;
    const run = { from: as + 1, to: reading.run.to };
    const span = Object.freeze(spanOf(reading.source, run));
    const statement = reading.source.text.slice(span.start, span.end);
    const operations = reading
      .nested(reading.source, stmt.query, run)
      .map((operation) => Object.freeze({ operation, statement, repeated: false, conditional: false }));
    const code = { language: "sql", span, operations: Object.freeze(operations), unknown: Object.freeze([]) };
    return one(null, { kind: "prepare-statement", name: stmt.name ?? "", code: Object.freeze(code) });
  }),
];

/** Without a word a function is VOLATILE. */
function isSteady(options: readonly DefElem[]): boolean {
  const said = options.findLast((o) => o.defname === "volatility");
  return said !== undefined && ["immutable", "stable"].includes(optionValue(said) ?? "");
}

function routineCode(stmt: CreateFunctionStmt, reading: Reading): Code | null {
  const options = bodies(stmt.options, "DefElem");
  const code =
    stmt.sql_body === undefined
      ? quotedCode(options, "sql", declaredParameters(stmt, reading.source), reading)
      : atomicCode(stmt.sql_body, reading);
  if (code === null) return code;
  const path = ownPath(stmt.options);
  const oneTransaction = stmt.is_procedure !== true || !takesCommit(code, options);
  return Object.freeze({ ...code, ...(path ? { path } : {}), ...(oneTransaction ? { oneTransaction: true } : {}) });
}

/** The rights of its owner, and settings of its own, last for a transaction. */
const takesCommit = ({ language }: Code, options: readonly DefElem[]): boolean =>
  language !== "sql" && !isSet(options, "security") && !options.some(({ defname }) => defname === "set");

/** A body in quotes; null when it is not found. */
function quotedCode(
  options: readonly DefElem[],
  usual: string,
  parameters: readonly Declared[],
  reading: Reading,
): Code | null {
  const option = options.find((o) => o.defname === "as");
  const found = options.find((o) => o.defname === "language");
  const language = (found === undefined ? usual : (optionValue(found) ?? usual)).toLowerCase();
  const value = body(option?.arg, "String") ?? bodies(body(option?.arg, "List")?.items, "String")[0];
  const token = stringToken(option, reading);
  if (value === undefined || token === undefined) return null;
  const span = Object.freeze({ start: token.start, end: token.end });
  const read: Body = { quoted: quotedText(token, value.sval ?? ""), span, read: reading.nested };
  if (language === "sql") return sqlCode(read);
  if (language !== "plpgsql") return foreignCode(language, span);
  const { start, end } = spanOf(reading.source, reading.run);
  return plpgsqlCode({ text: reading.source.text.slice(start, end), start, parameters }, read);
}

/** DO's location is its string's, that of a function is AS. */
function stringToken(option: DefElem | undefined, { source }: Reading) {
  if (option?.location === undefined) return undefined;
  const index = tokenAt(source.tokens, source.at(option.location));
  return source.tokens[index]?.keyword === "AS" ? source.tokens[index + 1] : source.tokens[index];
}
