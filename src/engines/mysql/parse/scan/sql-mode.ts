import type { Token } from "../token.js";
import type { Scanner } from "./scanner.js";

/** The part of sql_mode that decides what the text after it means. */
export interface TextMode {
  /** Double quotes hold names. */
  readonly ansiQuotes: boolean;
  /** A backslash escapes in strings. */
  readonly backslash: boolean;
}

export const DEFAULT_MODE: TextMode = Object.freeze({ ansiQuotes: false, backslash: true });

const ANSI = /^(ANSI|ANSI_QUOTES|DB2|MAXDB|POSTGRESQL)$/;
/** Under these the rest of the file would be another language. */
const FOREIGN = /\b(ORACLE|MSSQL)\b/i;
const SENSITIVE = /\b(ANSI|ANSI_QUOTES|NO_BACKSLASH_ESCAPES|DB2|MAXDB|POSTGRESQL)\b/i;

/** At the end of a statement: if it was a SET of sql_mode, what follows is scanned as that mode says. */
export function endStatement(scanner: Scanner): void {
  const start = scanner.statementStart;
  scanner.statementStart = scanner.tokens.length;
  if (scanner.tokens[start]?.upper !== "SET") return;
  const tokens = scanner.tokens.slice(start + 1);
  if (!tokens.some(({ text }) => /sql_mode$/i.test(text))) return;
  const before = scanner.mode;
  for (const assignment of assignments(tokens)) assign(scanner, assignment);
  if (scanner.mode !== before) scanner.modeChanges.push(start);
}

/** The tokens between the commas that stand in no parentheses. */
function assignments(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (token.text === "," && depth === 0) parts.push([]);
    else if (token.kind !== "semicolon" && token.kind !== "delimiter") parts.at(-1)?.push(token);
  }
  return parts;
}

function assign(scanner: Scanner, tokens: readonly Token[]): void {
  const at = tokens.findIndex(({ text }) => text === "=" || text === ":=");
  const target = tokens[at - 1]?.text.toLowerCase() ?? "";
  const value = tokens.slice(at + 1);
  if (target.startsWith("@") && !target.startsWith("@@")) {
    if (isCurrentMode(value)) scanner.savedModes.set(target, scanner.mode);
  } else if (/^(@@(session\.|local\.)?)?sql_mode$/.test(target) && !isGlobal(tokens)) {
    scanner.mode = evaluate(scanner, value);
  }
}

function isGlobal(tokens: readonly Token[]): boolean {
  return ["GLOBAL", "PERSIST", "PERSIST_ONLY"].includes(tokens[0]?.upper ?? "");
}

function isCurrentMode(value: readonly Token[]): boolean {
  return value.length === 1 && /^@@(session\.|local\.)?sql_mode$/i.test(value[0]?.text ?? "");
}

/** What the mode is then. What cannot be computed and may change the meaning of the text is a problem. */
function evaluate(scanner: Scanner, value: readonly Token[]): TextMode {
  if (isCurrentMode(value)) return scanner.mode;
  const foreign = value.find((token) => FOREIGN.test(token.value));
  if (foreign !== undefined) return report(scanner, foreign);
  const [first, ...more] = value;
  if (first !== undefined && more.length === 0) return single(scanner, first);
  const sensitive = value.find((token) => SENSITIVE.test(token.value));
  if (sensitive === undefined) return scanner.mode;
  return edited(scanner, value) ?? report(scanner, sensitive);
}

function single(scanner: Scanner, token: Token): TextMode {
  if (token.kind === "variable") return scanner.savedModes.get(token.text.toLowerCase()) ?? DEFAULT_MODE;
  return modeOf(token.value);
}

function modeOf(list: string): TextMode {
  const modes = list.toUpperCase().split(",");
  const ansiQuotes = modes.some((mode) => ANSI.test(mode.trim()));
  return Object.freeze({ ansiQuotes, backslash: !modes.some((mode) => mode.trim() === "NO_BACKSLASH_ESCAPES") });
}

/** `CONCAT(@@sql_mode, ',ANSI_QUOTES')` adds to the mode that is, `REPLACE(@@sql_mode, 'ANSI_QUOTES', '')` takes away. */
function edited(scanner: Scanner, value: readonly Token[]): TextMode | null {
  const name = value.find(({ kind }) => kind === "word")?.upper;
  const strings = value.filter(({ kind }) => kind === "string").map((token) => token.value);
  const named = modeOf(strings.join(","));
  const { ansiQuotes, backslash } = scanner.mode;
  const adds = name === "CONCAT" || name === "CONCAT_WS" || (name === "SELECT" && /concat/i.test(textOf(value)));
  if (adds) return { ansiQuotes: ansiQuotes || named.ansiQuotes, backslash: backslash && named.backslash };
  if (name !== "REPLACE" || strings.length !== 2 || strings[1] !== "") return null;
  return { ansiQuotes: ansiQuotes && !named.ansiQuotes, backslash: backslash || !named.backslash };
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join(" ");
}

function report(scanner: Scanner, token: Token): TextMode {
  const message = `sql_mode ${token.value} changes what quotes, backslashes or bodies mean in a way that is not understood: write the file for the default mode.`;
  scanner.problems.push({ message, span: token.span });
  return scanner.mode;
}
