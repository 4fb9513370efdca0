import { findTable } from "../src/engines/engine.js";
import { knownView, lookUpType } from "../src/engines/table-lookup.js";
import type { Catalog } from "../src/model/catalog.js";
import type { Code } from "../src/model/detail/code.js";
import type { RelationName } from "../src/model/name.js";
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

const isRow = (type: RelationName, catalog: Catalog): boolean =>
  findTable(catalog, type) !== null ||
  knownView(catalog, type) !== null ||
  lookUpType(catalog, type)?.kind === "composite";

/** A variable of a table's type in a list of targets, or the like (42601). */
function rowForValue(code: Code, catalog: Catalog): string | null {
  const [name] = Object.entries(code.values ?? {}).find(([, type]) => isRow(type, catalog)) ?? [];
  return name === undefined ? null : `"${name}" is not a scalar variable but a row (42601)`;
}

export const rule: Rule = {
  id: "unreadable-routine",
  engines: POSTGRES,
  severity: "error",
  aside: true,
  onFreshTables: true,
  protects: "A body that does not parse is refused when it is created, or when it is called first.",
  check({ operation, written, catalog }) {
    const code = (detailOf(operation, "create-object") ?? detailOf(operation, "opaque"))?.code;
    const unread = unreadIn(detailOf(operation, "create-object")?.code);
    const message = unread?.message ?? (code === undefined ? null : rowForValue(code, catalog));
    if (code === undefined || message === null) return null;
    return {
      message: `The body does not parse: ${message}.`,
      help: "Correct the body. PostgreSQL looks at it when it is created, unless check_function_bodies is off: then it fails when it is called.",
      span: placeOf(message, unread?.span ?? code.span, written),
    };
  },
  bad: [
    { sql: "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETRUN 1;\nEND $$;" },
    { sql: "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELEC 1 $$;" },
  ],
  good: [{ sql: "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND $$;" }],
};
