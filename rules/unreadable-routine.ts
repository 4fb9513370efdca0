import type { Code } from "../src/model/detail/code.js";
import type { Span } from "../src/model/span.js";
import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

/** PostgreSQL's message names the word that it stumbled over: where the body has it once, that is the place. */
function placeOf(
  message: string,
  within: Span,
  { text, start }: { readonly text: string; readonly start: number },
): Span {
  const [, word = ""] = /at or near "([^"]+)"|^"([^"]+)" is not/.exec(message) ?? [];
  const body = text.slice(within.start - start, within.end - start);
  const at = word === "" ? -1 : body.indexOf(word);
  if (at === -1 || body.includes(word, at + 1)) return within;
  return { start: within.start + at, end: within.start + at + word.length };
}

const unreadIn = (code: Code | undefined) => code?.unknown.find(({ why }) => why === "unreadable");

export const rule: Rule = {
  id: "unreadable-routine",
  engines: POSTGRES,
  severity: "error",
  aside: true,
  onFreshTables: true,
  protects: "A body that does not parse is refused when it is created, or when it is called first.",
  check({ operation, written }) {
    const unread = unreadIn(detailOf(operation, "create-object")?.code);
    if (unread === undefined) return null;
    return {
      message: `The body does not parse: ${unread.message}.`,
      help: "Correct the body. PostgreSQL looks at it when it is created, unless check_function_bodies is off: then it fails when it is called.",
      span: placeOf(unread.message, unread.span, written),
    };
  },
  bad: [
    { sql: "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETRUN 1;\nEND $$;" },
    { sql: "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELEC 1 $$;" },
  ],
  good: [{ sql: "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND $$;" }],
};
