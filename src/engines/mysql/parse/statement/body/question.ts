import { topLevel } from "../../text-value.js";
import type { Token } from "../../token.js";

const CATALOG = /\binformation_schema\b/i;

/** Whether a statement asks the server what it has. */
export const asksCatalog = (statement: string): boolean => CATALOG.test(statement);

/** What may stand around the one question of a condition. */
const AROUND: ReadonlySet<string> = new Set(["NOT", "EXISTS", "IS", "NULL"]);

/**
 * The question whether something is there that a condition is and nothing else: `NOT EXISTS (SELECT ... FROM
 * information_schema...)`, `(SELECT COUNT(*) ...) = 0`, or `n = 0` behind a statement that gave n the answer. Null for any other.
 *
 * @param condition its tokens
 * @param text what they stand in
 * @param asked statements before it that ask the server what it has
 */
export function questionIn(condition: readonly Token[], text: string, asked: readonly string[]): string | null {
  const top = topLevel(condition).flatMap((at) => condition[at] ?? []);
  const subject = top.filter(
    ({ kind, upper, text: sign }) =>
      sign === "(" || (kind !== "number" && kind !== "operator" && !(kind === "word" && AROUND.has(upper))),
  );
  const [only, another] = subject;
  if (only === undefined || another !== undefined || top.some(({ text: sign }) => LOGICAL.has(sign))) return null;
  if (only.text !== "(") return asked.findLast((one) => hasName(one, only.value)) ?? null;
  const [first, last] = [condition[condition.indexOf(only) + 1], condition.at(-1)];
  const written = text.slice(only.span.start, last?.span.end);
  return first?.upper === "SELECT" && asksCatalog(written) ? written : null;
}

const LOGICAL: ReadonlySet<string> = new Set(["&&", "||"]);

const hasName = (statement: string, name: string): boolean =>
  statement
    .toLowerCase()
    .split(/[^@\p{L}\p{N}_$]+/u)
    .includes(name.toLowerCase());
