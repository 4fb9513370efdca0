import { isIdentifier } from "./characters.js";
import { closing } from "./quoted.js";
import { emit, emitBroken, type Scanner } from "./scanner.js";

/** `@x`, `` @`x` ``, `@'x'`, `@@session.x`; also the host in `'user'@'host'`, which begins in the same way. */
export function scanVariable(scanner: Scanner): boolean {
  const { text, position } = scanner;
  if (text[position] !== "@") return false;
  const name = text[position + 1] === "@" ? position + 2 : position + 1;
  const quote = text[name];
  if (quote === "`" || quote === "'" || quote === '"') return scanQuotedName(scanner, name, quote);
  let end = name;
  while (isIdentifier(text.charCodeAt(end)) || text[end] === ".") end += 1;
  emit(scanner, "variable", end);
  return true;
}

function scanQuotedName(scanner: Scanner, open: number, quote: string): boolean {
  const end = closing(scanner.text, open, quote, quote !== "`");
  if (end === null) emitBroken(scanner, scanner.text.length, `The name is not closed: ${quote} is missing.`);
  else emit(scanner, "variable", end);
  return true;
}
