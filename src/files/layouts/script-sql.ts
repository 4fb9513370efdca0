import type { SyntaxProblem } from "../../model/statement.js";
import type { Runner } from "../place.js";
import { blank, blanks } from "./blank.js";
import { sqlIn } from "./script-text.js";
import { type Literal, literalsOf } from "./script-tokens.js";
import { type ScriptTool, toolOf } from "./script-tools.js";
import { type Up, upOf } from "./script-up.js";

/** What a migration in JavaScript or TypeScript runs on the way up, as SQL at the places where it stands in the script. */
export interface ScriptSql {
  /** As long as the script: the texts that the database is given, each with a semicolon in its closing quote's place; else blanks. */
  readonly text: string;
  readonly runner: Runner;
  /** What `up` does that is no SQL text: built by code, or by its tool's builder. */
  readonly unread: readonly SyntaxProblem[];
}

/** SQL in the place of a stretch of the script that is no shorter. */
interface Piece {
  readonly start: number;
  readonly sql: string;
}

interface Script {
  readonly script: string;
  readonly literals: readonly Literal[];
  /** The script with blanks in the place of its texts and comments. */
  readonly code: string;
  readonly up: Up;
  readonly tool: ScriptTool;
}

/** Reads a migration of Knex, TypeORM or Sequelize without running it. Code that is not understood is a problem, never silence. */
export function scriptSql(script: string): ScriptSql {
  const literals = literalsOf(script);
  const code = blank(script, literals);
  const tool = toolOf(code);
  const none = /\btransaction\s*(?::\s*boolean\s*)?[:=]\s*false\b/.test(code);
  const runner = Object.freeze<Runner>({ tool: tool.tool, transaction: none ? "none" : tool.transaction });
  const up = upOf(code);
  if (up === null) return { text: blanks(script), runner, unread: [problem(0, 0, NO_UP, tool)] };
  const all = { script, literals, code, up, tool };
  const found = [...callsOf(all), ...usesOf(all)];
  const unread = found.filter((one) => "message" in one).toSorted((a, b) => a.span.start - b.span.start);
  const isSilent = up.handle === null || (found.length === 0 && !up.empty);
  return {
    text: withPieces(
      script,
      found.filter((one) => "sql" in one),
    ),
    runner,
    unread: isSilent ? [problem(up.start, up.start, NOTHING, tool), ...unread] : unread,
  };
}

const NO_UP = "there is no function `up` in this script, so it is not known what it runs";
const NOTHING = "nothing that this function `up` does is understood, so it is not known what it runs";
const BUILT = "this SQL is put together by code, so it is not known what it runs";
const PASSED = "other code is handed the connection here, so it is not known what it runs";

type Found = Piece | SyntaxProblem;

/** The texts that the database is given, and what a builder hangs on such a call. */
function callsOf(all: Script): readonly Found[] {
  const { code, up, tool } = all;
  const calls = [...code.matchAll(tool.call)].filter(({ index }) => index >= up.start && index < up.end);
  return calls.flatMap((call) => {
    const behind = call.index + call[0].length;
    return [textOf(all, call.index, behind), ...chained(all, closing(code, behind))];
  });
}

function textOf({ script, literals, tool }: Script, start: number, behind: number): Found {
  const from = behind + (/^\s*/.exec(script.slice(behind))?.[0].length ?? 0);
  const literal = literals.find((one) => one.start === from && one.kind !== "comment");
  if (literal === undefined) return problem(start, behind, BUILT, tool);
  const sql = sqlIn(script.slice(literal.start + 1, literal.end - 1));
  const joined = !/^\s*[,)]/.test(script.slice(literal.end));
  return joined || sql === null
    ? problem(start, literal.end, BUILT, tool)
    : { start: literal.start + 1, sql: `${sql};` };
}

/** Where the parenthesis that is open ends. */
function closing(code: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; at < code.length && depth > 0; at++) depth += code[at] === "(" ? 1 : code[at] === ")" ? -1 : 0;
  return at;
}

const CHAINED = /^\s*\.\s*(?!(?:raw|query|then|catch|finally|transacting|timeout|connection)\b)\w+\s*\(/;

/** `knex.schema.raw("...").dropTable("t")` */
function chained({ code, tool }: Script, behind: number): readonly Found[] {
  const call = CHAINED.exec(code.slice(behind, behind + 200));
  return call === null ? [] : [problem(behind, behind + call[0].length, tool.builds, tool)];
}

/** What else is done with the handle that `up` is given, or with one that a transaction hands on. */
function usesOf({ code, up, tool }: Script): readonly Found[] {
  // Each with the place behind which it is used, and not declared.
  const handles = new Map(up.handle === null ? [] : [[up.handle, up.body]]);
  const found: Found[] = [];
  for (const { 0: name, index } of code.slice(0, up.end).matchAll(/(?<![\w$.])[A-Za-z_$][\w$]*/g)) {
    if (index < (handles.get(name) ?? Number.POSITIVE_INFINITY)) continue;
    const behind = index + name.length;
    const rest = code.slice(behind, behind + 200);
    const called = tool.hands?.exec(rest) ?? null;
    const before = code.slice(Math.max(0, index - 100), index);
    const handed = called?.[1] ?? /(\w+)\s*=\s*await\s+$/.exec(before)?.[1];
    if (handed !== undefined) handles.set(handed, behind + (called?.[0].length ?? 0));
    const sql = tool.means.find(([call]) => call.test(rest))?.[1];
    if (sql !== undefined) found.push({ start: index, sql });
    else if (!tool.understood.test(rest) && !/\btransacting\s*\(\s*$/.test(before))
      found.push(problem(index, behind, /^\s*[.(<[]/.test(rest) ? tool.builds : PASSED, tool));
  }
  return found;
}

function withPieces(script: string, pieces: readonly Piece[]): string {
  let text = "";
  for (const { start, sql } of pieces.toSorted((a, b) => a.start - b.start))
    text += `${blanks(script.slice(text.length, start))}${sql}`;
  return text + blanks(script.slice(text.length));
}

const problem = (start: number, end: number, message: string, { help }: ScriptTool): SyntaxProblem =>
  Object.freeze({ message, span: Object.freeze({ start, end }), help });
