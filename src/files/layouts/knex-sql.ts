import type { SyntaxProblem } from "../../model/statement.js";
import type { RunnerTransaction } from "../place.js";
import { blank, blanks } from "./blank.js";
import { type Literal, literalsOf } from "./script-tokens.js";

/** What a Knex migration runs on the way up, as SQL at the places where it stands in the script. */
export interface KnexSql {
  /** As long as the script: the texts of `raw(...)`, each with a semicolon in its closing quote's place; else blanks. */
  readonly text: string;
  readonly transaction: RunnerTransaction;
  /** What `up` does that is no SQL text: built by code, or by Knex's schema builder. */
  readonly unread: readonly SyntaxProblem[];
}

/** Reads a Knex migration without running it. Code that is not understood is a problem, never silence. */
export function knexSql(script: string): KnexSql {
  const literals = literalsOf(script);
  const code = blank(script, literals);
  const up = upRange(code);
  if (up === null) return { text: blanks(script), transaction: "file", unread: [problem(0, 0, NO_UP)] };
  const calls = [...code.matchAll(RAW)].filter(({ index }) => index >= up.start && index < up.end);
  const read = calls.map((call) => readCall(script, literals, call.index, call.index + call[0].length));
  const unread = [...read.flatMap((one) => ("message" in one ? [one] : [])), ...builders(code, up)];
  return {
    text: sqlAt(
      script,
      read.flatMap((one) => ("message" in one ? [] : [one])),
    ),
    transaction: /\btransaction\s*:\s*false\b/.test(code) ? "none" : "file",
    unread: unread.toSorted((a, b) => a.span.start - b.span.start),
  };
}

const RAW = /\.\s*raw\s*(?:<[^>()]*>)?\s*\(/g;
const BUILDER = /\.\s*schema\b(?!\s*(?:\.\s*withSchema\s*\([^)]*\)\s*)?\.\s*raw\b)|\bknex\s*\(/g;
const NO_UP = "there is no function `up` in this script, so it is not known what it runs";
const BUILT = "this SQL is put together by code, so it is not known what it runs";
const BUILDS = "Knex's builder makes this SQL when it runs, so it is not known what it is; write it with `raw`";

function upRange(code: string): { readonly start: number; readonly end: number } | null {
  const start = code.search(/\bup\b\s*(?:=|\(|:)/);
  if (start === -1) return null;
  const down = code.search(/\bdown\b\s*(?:=|\(|:)/);
  return { start, end: down > start ? down : code.length };
}

function readCall(
  script: string,
  literals: readonly Literal[],
  start: number,
  behind: number,
): Literal | SyntaxProblem {
  const from = behind + (/^\s*/.exec(script.slice(behind))?.[0].length ?? 0);
  const literal = literals.find((one) => one.start === from && one.kind !== "comment");
  if (literal === undefined) return problem(start, behind, BUILT);
  const text = script.slice(literal.start, literal.end);
  const joined = !/^\s*[,)]/.test(script.slice(literal.end));
  return joined || /\\|\$\{/.test(text) ? problem(start, literal.end, BUILT) : literal;
}

function builders(code: string, up: { readonly start: number; readonly end: number }): readonly SyntaxProblem[] {
  const found = [...code.matchAll(BUILDER)].filter(({ index }) => index >= up.start && index < up.end);
  return found.map((match) => problem(match.index, match.index + match[0].length, BUILDS));
}

function sqlAt(script: string, literals: readonly Literal[]): string {
  let text = "";
  for (const { start, end } of literals) {
    text += `${blanks(script.slice(text.length, start + 1))}${script.slice(start + 1, end - 1)};`;
  }
  return text + blanks(script.slice(text.length));
}

const problem = (start: number, end: number, message: string): SyntaxProblem =>
  Object.freeze({ message, span: Object.freeze({ start, end }), help: HELP });

const HELP = "Write it as knex.raw with one literal, so that it can be judged; or judge the SQL that it makes by hand.";
