import { emit, emitBroken, type Scanner } from "./scanner.js";
import { endStatement } from "./sql-mode.js";

const LONG = ["<=>", "->>", ":=", "<>", "!=", "<=", ">=", "||", "&&", "<<", ">>", "->"] as const;
const SHORT = "+-*/%=<>!~^&|(),.:?{}";

/** Operators, brackets and separators. What the server has no use for is reported. */
export function scanOperator(scanner: Scanner): boolean {
  const { text, position } = scanner;
  const first = text[position] ?? "";
  if (first === ";") {
    emit(scanner, "semicolon", position + 1);
    // Inside of what DELIMITER ends, a semicolon ends a statement of a body only.
    if (scanner.delimiter === null) endStatement(scanner);
    return true;
  }
  const long = LONG.find((operator) => text.startsWith(operator, position));
  if (long !== undefined) emit(scanner, "operator", position + long.length);
  else if (SHORT.includes(first)) emit(scanner, "operator", position + 1);
  else emitBroken(scanner, position + 1, `${JSON.stringify(first)} does not belong here.`);
  return true;
}
