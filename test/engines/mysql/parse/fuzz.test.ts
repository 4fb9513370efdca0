import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type MysqlDialect,
  parseMysql,
  renameColumnInExpression,
  tokenize,
} from "../../../../src/engines/mysql/parse/index.js";
import type { Span } from "../../../../src/model/span.js";
import { KNOWN } from "./statements/index.js";

const RUNS = { numRuns: 1_500 };
const dialects = fc.constantFrom<MysqlDialect>("mysql", "mariadb");
const TOKENS = [...new Set(KNOWN.flatMap(([, sql]) => tokenize(sql, "mariadb").tokens.map(({ text }) => text)))];
const ODD = [
  "'",
  '"',
  "`",
  "/*",
  "*/",
  "/*!",
  "/*!50000 ",
  "/*M!",
  "-- ",
  "#",
  "\n",
  ";",
  "DELIMITER //\n",
  "SET sql_mode = 'ANSI_QUOTES';",
  "SET sql_mode = '';",
  "AS $$",
  "$$",
  "//",
  "\\",
  "(",
  ")",
  "@",
  ".",
  "\0",
  "😀",
];

/** Real statements, cut and glued; tokens at random; any characters. */
const texts = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...TOKENS), fc.constantFrom(...ODD)), { maxLength: 40 })
    .map((each) => each.join(" ")),
  fc
    .tuple(fc.constantFrom(...KNOWN), fc.nat(), fc.nat(30), fc.constantFrom(...ODD, ...TOKENS))
    .map(([[, sql], at, length, put]) => sql.slice(0, at % sql.length) + put + sql.slice((at % sql.length) + length)),
  fc.string({ unit: "binary", maxLength: 60 }),
);

function inside(text: string, span: Span): void {
  expect(span.start).toBeGreaterThanOrEqual(0);
  expect(span.end).toBeGreaterThanOrEqual(span.start);
  expect(span.end).toBeLessThanOrEqual(text.length);
}

it("reads any text without an error, and every place is in the text", () => {
  fc.assert(
    fc.property(texts, dialects, (text, dialect) => {
      const { statements, comments, problems } = parseMysql(text, dialect);
      let last = 0;
      for (const { span, sql, operations } of statements) {
        expect(span.start).toBeGreaterThanOrEqual(last);
        expect(sql).toBe(text.slice(span.start, span.end));
        expect(operations.length).toBeGreaterThan(0);
        for (const operation of operations) {
          inside(text, operation.span);
          expect(operation.span.start).toBeGreaterThanOrEqual(span.start);
          expect(operation.span.end).toBeLessThanOrEqual(span.end);
        }
        last = span.end;
      }
      for (const comment of comments) expect(comment.text).toBe(text.slice(comment.span.start, comment.span.end));
      for (const problem of problems) inside(text, problem.span);
    }),
    RUNS,
  );
});

it("loses no text: what is no token, comment or marker is white space or a DELIMITER line", () => {
  fc.assert(
    fc.property(texts, dialects, (text, dialect) => {
      const { tokens, comments, regions } = tokenize(text, dialect);
      const spans = [...tokens, ...comments].map(({ span }) => span).sort((a, b) => a.start - b.start);
      let at = 0;
      let rest = "";
      for (const { start, end } of spans) {
        expect(start).toBeGreaterThanOrEqual(at);
        rest += text.slice(at, start);
        at = end;
      }
      rest += text.slice(at);
      const markers = rest.replace(/delimiter[^\n]*/gi, "").replace(/\/\*M?!\d*|\*\//g, "");
      if (regions.length === 0) expect(markers.trim()).toBe("");
    }),
    RUNS,
  );
});

it("leaves nothing out: behind its statements a file without problems is terminators, comments and space", () => {
  fc.assert(
    fc.property(texts, dialects, (text, dialect) => {
      const { statements, comments, problems } = parseMysql(text, dialect);
      if (problems.length > 0) return;
      const inside = statements.map(({ span }) => span);
      const between = comments.map(({ span }) => span).filter((each) => !inside.some((one) => holds(one, each)));
      let rest = "";
      let at = 0;
      for (const { start, end } of [...inside, ...between].sort((a, b) => a.start - b.start)) {
        rest += text.slice(at, start);
        at = end;
      }
      rest += text.slice(at);
      expect(rest.replaceAll(/delimiter[^\n]*/gi, "").replaceAll(/[\s;]|\/\/|\/\*M?!\d*|\*\//g, "")).toBe("");
    }),
    RUNS,
  );
});

function holds(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

it("reads what it has read again: a statement alone is the same statement", () => {
  fc.assert(
    fc.property(texts, dialects, (text, dialect) => {
      for (const { sql, operations } of parseMysql(text, dialect).statements) {
        const again = parseMysql(sql, dialect);
        expect(again.problems).toEqual([]);
        expect(again.statements.map((each) => each.sql)).toEqual([sql]);
        expect(again.statements[0]?.operations.map(({ kind }) => kind)).toEqual(operations.map(({ kind }) => kind));
      }
    }),
    RUNS,
  );
});

it("renames there and back", () => {
  const expressions = fc.array(fc.constantFrom("`a`", "+", "(", ")", "'a'", "a(", "1", "t", ".", "date", "AS", ","), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(expressions, (parts) => {
      const expression = parts.join(" ");
      const there = renameColumnInExpression(expression, "a", "zz", "t");
      expect(renameColumnInExpression(there, "zz", "a", "t")).toBe(expression);
      expect(there.length - expression.length).toBeLessThanOrEqual(parts.filter((part) => part === "`a`").length);
    }),
    RUNS,
  );
});
