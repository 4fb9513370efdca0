/** A stretch of a JavaScript or TypeScript text that is not code. */
export interface Literal {
  readonly kind: "string" | "template" | "comment";
  /** With its quotes. */
  readonly start: number;
  readonly end: number;
}

/**
 * Strings, templates and comments of a script, in order; the rest is code. A template ends at its own backtick, whatever
 * stands in its `${...}`. Regular expressions are not told from divisions: one that holds a quote ends the reading at
 * its line's end, as a string without an end does.
 */
export function literalsOf(text: string): readonly Literal[] {
  const literals: Literal[] = [];
  for (let at = 0; at < text.length; ) {
    const literal = literalAt(text, at);
    if (literal !== null) literals.push(literal);
    at = literal?.end ?? at + 1;
  }
  return literals;
}

function literalAt(text: string, start: number): Literal | null {
  const char = text[start];
  if (char === '"' || char === "'") return { kind: "string", start, end: stringEnd(text, start, char) };
  if (char === "`") return { kind: "template", start, end: templateEnd(text, start) };
  if (text.startsWith("//", start)) return { kind: "comment", start, end: indexOr(text, "\n", start) };
  if (text.startsWith("/*", start)) return { kind: "comment", start, end: indexOr(text, "*/", start + 2, 2) };
  return null;
}

function indexOr(text: string, what: string, from: number, behind = 0): number {
  const found = text.indexOf(what, from);
  return found === -1 ? text.length : found + behind;
}

function stringEnd(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === "\n") return at;
  }
  return text.length;
}

function templateEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "`") return at + 1;
    else if (text.startsWith("${", at)) at = substitutionEnd(text, at + 2);
  }
  return text.length;
}

/** The offset of the brace that closes `${`. */
function substitutionEnd(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; ) {
    const literal = literalAt(text, at);
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
    at = literal?.end ?? at + 1;
  }
  return text.length;
}
