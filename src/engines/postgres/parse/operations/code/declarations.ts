import type { CreateFunctionStmt } from "libpg-query";
import type { Span } from "../../../../../model/span.js";
import { bodies } from "../../ast.js";
import type { Token } from "../../library.js";
import { type Source, tokenAt } from "../../source.js";

/** A variable or a parameter of a routine in PL/pgSQL, and where its type is written. */
export interface Declared {
  readonly name: string;
  readonly type: Span;
}

/** The parameters of a routine that have names, columns of RETURNS TABLE among them. */
export function declaredParameters(stmt: CreateFunctionStmt, source: Source): Declared[] {
  return bodies(stmt.parameters, "FunctionParameter").flatMap(({ name, argType }) => {
    if (name === undefined || argType?.location === undefined) return [];
    const type = typeAt(source.tokens, tokenAt(source.tokens, source.at(argType.location)));
    return type === null ? [] : [{ name, type }];
  });
}

/** The variables that the DECLAREs of a body make, without those that are no variable of a type: cursors and aliases. */
export function declaredVariables(tokens: readonly Token[]): Declared[] {
  const found: Declared[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (!is(tokens[i], "DECLARE")) continue;
    for (i++; i < tokens.length && !is(tokens[i], "BEGIN"); i++) {
      if (is(tokens[i], "DECLARE")) continue;
      const variable = variableAt(tokens, i);
      if (variable !== null) found.push(variable);
      while (i < tokens.length && tokens[i]?.text !== ";") i++;
    }
  }
  return found;
}

function variableAt(tokens: readonly Token[], at: number): Declared | null {
  const from = is(tokens[at + 1], "CONSTANT") ? at + 2 : at + 1;
  if (is(tokens[from], "ALIAS", "CURSOR", "SCROLL", "NO")) return null;
  const type = typeAt(tokens, from);
  return type === null ? null : { name: nameOf(tokens[at]?.text ?? ""), type };
}

/** A type ends where its default or collation, NOT NULL, or the next declaration begins. */
function typeAt(tokens: readonly Token[], from: number): Span | null {
  let depth = 0;
  let to = from;
  for (; to < tokens.length; to++) {
    const token = tokens[to];
    if (depth === 0 && (is(token, "COLLATE", "NOT", "DEFAULT") || ENDS.has(token?.text ?? ""))) break;
    if (token?.text === "(" || token?.text === "[") depth++;
    else if (token?.text === ")" || token?.text === "]") depth--;
  }
  const [first, last] = [tokens[from], tokens[to - 1]];
  return first === undefined || last === undefined || to === from ? null : { start: first.start, end: last.end };
}

const ENDS: ReadonlySet<string> = new Set([";", ",", ")", ":=", "="]);

const is = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token !== undefined && words.includes(token.text.toUpperCase());

const nameOf = (written: string): string =>
  written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
