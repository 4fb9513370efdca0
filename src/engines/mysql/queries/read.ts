import type { WrittenQuery } from "../../engine.js";
import { queryName } from "../../query-name.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { tokenize } from "../parse/lexer.js";
import { type Group, splitStatements } from "../parse/split/split.js";
import type { Lexed } from "../parse/token.js";
import { placeholders, Unknowable } from "./placeholders.js";

/** What reads or writes rows. */
const QUERIES: ReadonlySet<string> = new Set("SELECT INSERT UPDATE DELETE REPLACE WITH VALUES TABLE (".split(" "));

/** Applications send these, they name tables, and they are not prepared here. */
const NOT_PREPARED: ReadonlySet<string> = new Set("CALL DO EXPLAIN HANDLER LOAD LOCK PREPARE TRUNCATE".split(" "));

function readGroup({ tokens }: Group, sql: string, start: number): WrittenQuery["read"] {
  const [first] = tokens;
  const word = first?.upper || first?.text || "this";
  if (NOT_PREPARED.has(word)) return { kind: "unreadable", reason: `${word} cannot be prepared` };
  if (!QUERIES.has(word)) return { kind: "no-query", reason: `${word} is no query` };
  try {
    return { kind: "query", sql: placeholders(sql, tokens, start) };
  } catch (error) {
    if (error instanceof Unknowable) return { kind: "unreadable", reason: error.message };
    throw error;
  }
}

function queriesOf(text: string, lexed: Lexed, groups: readonly Group[]): WrittenQuery[] {
  let before = 0;
  return groups.flatMap((group): WrittenQuery[] => {
    const [first, last] = [group.tokens[0], group.tokens.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { start } = first.span;
    const sql = text.slice(start, last.span.end);
    const name = queryName(lexed.comments.filter((c) => c.span.start >= before && c.span.end <= start));
    before = last.span.end;
    return [{ text: sql, start, name, read: readGroup(group, sql, start) }];
  });
}

/**
 * The queries of a text, one a statement. Placeholders: `?`, `:name`, `$1`; `@name` is a variable of the session.
 *
 * @example
 * readQueries("SELECT a FROM t WHERE id = :id", "mysql")[0]?.read // { kind: "query", sql: "SELECT a FROM t WHERE id = ?" }
 */
export function readQueries(text: string, dialect: MysqlDialect): readonly WrittenQuery[] {
  const lexed = tokenize(text, dialect);
  const { groups, problems } = splitStatements(text, dialect, lexed);
  const unreadable = [...lexed.problems, ...problems].map(({ message, span }): WrittenQuery => {
    const [line = ""] = text.slice(span.start).split("\n", 1);
    return {
      text: line,
      start: span.start,
      name: null,
      read: { kind: "unreadable", reason: `it does not parse: ${message}` },
    };
  });
  return [...queriesOf(text, lexed, groups), ...unreadable].toSorted((a, b) => a.start - b.start);
}
