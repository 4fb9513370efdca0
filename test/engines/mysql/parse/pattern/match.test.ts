import { describe, expect, it } from "vitest";
import { newCursor } from "../../../../../src/engines/mysql/parse/cursor.js";
import { tokenize } from "../../../../../src/engines/mysql/parse/index.js";
import { pattern } from "../../../../../src/engines/mysql/parse/pattern/compile.js";
import { matchAll, textsOf } from "../../../../../src/engines/mysql/parse/pattern/match.js";

function match(grammar: string, sql: string, dialect: "mysql" | "mariadb" = "mysql") {
  return matchAll(newCursor(sql, dialect, tokenize(sql, dialect).tokens), pattern(grammar));
}

const fits = (grammar: string, sql: string) => match(grammar, sql) !== null;

describe("a pattern", () => {
  it.each([
    ["A B", "a b", true],
    ["A B", "a", false],
    ["A B", "a b c", false],
    ["A [B]", "a", true],
    ["A [B|C D]", "a c d", true],
    ["A [B|C D]", "a c", false],
    ["{A|B}", "b", true],
    ["{A|B}", "", false],
    ["A {B|C} *", "a b c b", true],
    ["<name>...", "x, `y`", true],
    ["<name>...", "x,", false],
    ["<number>", "-5", true],
    ["<number>", "1.5", false],
    ["<string>", "'x'", true],
    ["<string>", "x", false],
    ["<user>", "'a'@'%'", true],
    ["<type>", "VARCHAR(5)", true],
    ["<type>", "FOO", false],
    ["<expression>", "a + 1", true],
    ["<expression>", "a +", false],
    ["<relation>", "s.t", true],
    ["( <number> )", "(5)", true],
    ["'*' . '*'", "*.*", true],
    ["<mysql> A", "a", true],
    ["<mariadb> A", "a", false],
  ])("%s fits %s: %s", (grammar, sql, expected) => {
    expect(fits(grammar, sql)).toBe(expected);
  });

  it("keeps what it is asked to keep, and nothing of what did not fit", () => {
    const captured = match("A {<name=x> B|<name=x> C}=how [<string=s>]", "a q c 'it''s'");
    expect(captured?.map(({ key, text }) => [key, text])).toEqual([
      ["x", "q"],
      ["how", "q c"],
      ["s", "it's"],
    ]);
    expect(textsOf(captured ?? [], "x")).toEqual(["q"]);
  });
});
