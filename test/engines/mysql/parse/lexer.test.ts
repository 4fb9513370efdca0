import { describe, expect, it } from "vitest";
import { type MysqlDialect, tokenize } from "../../../../src/engines/mysql/parse/index.js";

const kinds = (text: string, dialect: MysqlDialect = "mysql") =>
  tokenize(text, dialect).tokens.map((token) => `${token.kind} ${token.text}`);
const values = (text: string) => tokenize(text, "mysql").tokens.map((token) => token.value);
const problems = (text: string) =>
  tokenize(text, "mysql").problems.map(({ message, span }) => [message, text.slice(span.start, span.end)]);

describe("tokenize", () => {
  it("gives each token its place in UTF-16 units", () => {
    const { tokens } = tokenize("SELECT '😀', é", "mysql");
    expect(tokens.map(({ span }) => [span.start, span.end])).toEqual([
      [0, 6],
      [7, 11],
      [11, 12],
      [13, 14],
    ]);
  });

  it("gives words in upper case beside their own spelling", () => {
    const [token] = tokenize("Alter", "mysql").tokens;
    expect(token).toMatchObject({ kind: "word", text: "Alter", value: "Alter", upper: "ALTER" });
  });

  it("takes digits, dollars and letters beyond ASCII into names", () => {
    expect(kinds("a$1 _x é日本 1st 2e 0xZZ")).toEqual([
      "word a$1",
      "word _x",
      "word é日本",
      "word 1st",
      "word 2e",
      "word 0xZZ",
    ]);
  });

  it("reads a name behind a dot, even one of digits", () => {
    expect(kinds("t.1a t.5 `t`.5 1.5 .5")).toEqual([
      ...["word t", "operator .", "word 1a"],
      ...["word t", "operator .", "word 5"],
      ...["quoted `t`", "operator .", "word 5"],
      ...["number 1.5", "number .5"],
    ]);
  });

  it("reads numbers in all their forms", () => {
    const numbers = ["1", "1.5", "5.", "1e5", "1.5e-3", "1.e2", "0x1F", "0b01", "x'4D'", "X'4D'", "b'01'", "B'01'"];
    expect(kinds(numbers.join(" "))).toEqual(numbers.map((text) => `number ${text}`));
  });

  it("knows operators of several characters", () => {
    const operators = ["<=>", "->>", "->", ":=", "<>", "!=", "<=", ">=", "||", "&&", "<<", ">>"];
    expect(kinds(operators.join(" "))).toEqual(operators.map((text) => `operator ${text}`));
  });

  it("reads variables, and the host of a user", () => {
    expect(kinds("@a @`b c` @'d' @@session.x 'u'@'%' root@localhost")).toEqual([
      ...["variable @a", "variable @`b c`", "variable @'d'", "variable @@session.x"],
      ...["string 'u'", "variable @'%'", "word root", "variable @localhost"],
    ]);
  });
});

describe("quotes", () => {
  it("take off backticks, and halve doubled ones", () => {
    expect(values("`a``b` `c\\` `d;e`")).toEqual(["a`b", "c\\", "d;e"]);
  });

  it("are strings when double", () => {
    expect(kinds('"a"')).toEqual(['string "a"']);
  });

  it("take off escapes as the server does", () => {
    expect(values(String.raw`'it''s' 'a\'b' "a""b\"c" 'a""b' '\n\t\0\Z\\\x\%\_'`)).toEqual([
      "it's",
      "a'b",
      'a"b"c',
      'a""b',
      "\n\t\0\x1a\\x\\%\\_",
    ]);
  });

  it("may follow N and a character set", () => {
    expect(kinds("N'a' n'b' _utf8mb4'c' _latin1 'd'")).toEqual([
      ...["string N'a'", "string n'b'", "word _utf8mb4", "string 'c'", "word _latin1", "string 'd'"],
    ]);
    expect(values("N'a'")).toEqual(["a"]);
  });

  it.each([
    ["SELECT 'a; SELECT 2", "The string is not closed: ' is missing.", "'a; SELECT 2"],
    ['SELECT "a', 'The string is not closed: " is missing.', '"a'],
    ["SELECT 'a\\'", "The string is not closed: ' is missing.", "'a\\'"],
    ["SELECT `a", "The quoted name is not closed: a backtick is missing.", "`a"],
    ["SELECT @`a", "The name is not closed: ` is missing.", "@`a"],
    ["SELECT x'4", "The literal is not closed: ' is missing.", "x'4"],
    ["SELECT 1 /* a", "The comment is not closed: `*/` is missing.", "/* a"],
    ["SELECT 1 /*!80000 + 1", "The executable comment is not closed: `*/` is missing.", "/*!80000 + 1"],
  ])("are reported when open: %s", (text, message, at) => {
    expect(problems(text)).toEqual([[message, at]]);
  });

  it("do not hide what is no token", () => {
    expect(problems("SELECT 1\\G [ \0")).toEqual([
      ['"\\\\" does not belong here.', "\\"],
      ['"[" does not belong here.', "["],
      ['"\\u0000" does not belong here.', "\0"],
    ]);
  });
});
