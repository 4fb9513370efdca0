import { isDigit, isHexDigit, isIdentifier } from "./characters.js";
import { closing } from "./quoted.js";
import { emit, emitBroken, type Scanner } from "./scanner.js";

/** `x'1F'` and `b'01'`. */
export function scanBitString(scanner: Scanner): boolean {
  const { text, position } = scanner;
  if (!/[xXbB]/.test(text[position] ?? "") || text[position + 1] !== "'") return false;
  const end = closing(text, position + 1, "'", false);
  if (end === null) emitBroken(scanner, text.length, "The literal is not closed: ' is missing.");
  else if (!/^(x'([\da-f]{2})*'|b'[01]*')$/i.test(text.slice(position, end))) {
    emitBroken(scanner, end, "The literal holds what are no digits of its kind.");
  } else emit(scanner, "number", end);
  return true;
}

/** `1`, `1.5`, `.5`, `1e-5`, `0x1F`, `0b01`. What goes on with letters is a word: `1st` is a valid name. */
export function scanNumber(scanner: Scanner): boolean {
  const { text, position } = scanner;
  const first = text.charCodeAt(position);
  if (!isDigit(first) && !(text[position] === "." && isDigit(text.charCodeAt(position + 1)))) return false;
  if (followsQualifier(scanner)) return false;
  const end = prefixedEnd(text, position) ?? decimalEnd(text, position);
  if (end === null) return false;
  emit(scanner, "number", end);
  return true;
}

/** In `t.1a` and `t.5` the digits begin a column's name, and the dot separates. */
function followsQualifier(scanner: Scanner): boolean {
  const last = scanner.tokens.at(-1);
  if (last === undefined || last.span.end !== scanner.position) return false;
  return last.kind === "word" || last.kind === "quoted" || last.text === ".";
}

function prefixedEnd(text: string, start: number): number | null {
  const prefix = text.slice(start, start + 2);
  if (prefix !== "0x" && prefix !== "0b") return null;
  let end = start + 2;
  const fits = prefix === "0x" ? isHexDigit : (code: number) => code === 48 || code === 49;
  while (fits(text.charCodeAt(end))) end += 1;
  return end > start + 2 && !isIdentifier(text.charCodeAt(end)) ? end : null;
}

/** Null when the digits begin a name. */
function decimalEnd(text: string, start: number): number | null {
  const whole = digitsEnd(text, start);
  const fraction = text[whole] === "." ? digitsEnd(text, whole + 1) : whole;
  const exponent = exponentEnd(text, fraction);
  if (exponent !== null) return exponent;
  return fraction === whole && isIdentifier(text.charCodeAt(whole)) ? null : fraction;
}

function exponentEnd(text: string, at: number): number | null {
  if (text[at] !== "e" && text[at] !== "E") return null;
  const digits = text[at + 1] === "+" || text[at + 1] === "-" ? at + 2 : at + 1;
  const end = digitsEnd(text, digits);
  return end > digits && !isIdentifier(text.charCodeAt(end)) ? end : null;
}

function digitsEnd(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}
