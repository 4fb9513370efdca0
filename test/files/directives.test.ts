import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { readDirectives } from "../../src/files/directives.js";

beforeAll(() => postgresEngine.load());

const read = (text: string) => readDirectives("m.sql", text, postgresEngine.parse(text).comments);
const readOne = (line: string) => read(`${line}\nSELECT 1;`)[0];

test.each([
  ["-- zmigrate:phase expand", { kind: "phase", phase: "expand" }],
  ["  --   zmigrate:phase   contract  ", { kind: "phase", phase: "contract" }],
  ["--zmigrate:phase backfill", { kind: "phase", phase: "backfill" }],
  ["-- zmigrate:ignore a-b,c-d -- small table", { kind: "ignore", rules: ["a-b", "c-d"], reason: "small table" }],
  ["-- zmigrate:ignore a-b, c-d -- x -- y", { kind: "ignore", rules: ["a-b", "c-d"], reason: "x -- y" }],
  ["-- zmigrate:up lower(a) || 'x'", { kind: "up", expression: "lower(a) || 'x'" }],
  ["-- zmigrate:down a", { kind: "down", expression: "a" }],
  ["-- zmigrate:fill 0", { kind: "fill", expression: "0" }],
  ["-- zmigrate:gate soak=48h", { kind: "gate", gate: { name: "soak", setting: "172800000" } }],
  ["-- zmigrate:gate old-writers=1h", { kind: "gate", gate: { name: "old-writers", setting: "3600000" } }],
  ["-- zmigrate:gate flag=new-email", { kind: "gate", gate: { name: "flag", setting: "new-email" } }],
  ["-- zmigrate:gate park=0", { kind: "gate", gate: { name: "park", setting: "0" } }],
  [
    '-- zmigrate:gate sql="select not exists (select from ""T"")"',
    { kind: "gate", gate: { name: "sql", setting: 'select not exists (select from "T")' } },
  ],
  [
    "-- zmigrate:batch rows=5000 target=250ms key=id",
    { kind: "batch", batch: { rows: 5000, targetMs: 250, key: "id" } },
  ],
  ['-- zmigrate:batch key="Order ""Id"""', { kind: "batch", batch: { rows: null, targetMs: null, key: 'Order "Id"' } }],
])("%s", (line, expected) => expect(readOne(line)).toMatchObject(expected));

test("a directive has its comment's span", () => {
  const text = "-- é\n-- zmigrate:phase expand\nSELECT 1;";
  const span = read(text)[0]?.span;
  expect(text.slice(span?.start, span?.end)).toBe("-- zmigrate:phase expand");
});

test.each([
  ["-- zmigrate:phase", "phase is missing"],
  ["-- zmigrate:phase expnad", 'no phase "expnad"'],
  ["-- zmigrate:phase expand now", 'no phase "expand now"'],
  ["-- zmigrate:ignore a-b", "needs a reason"],
  ["-- zmigrate:ignore a-b --", "needs a reason"],
  ["-- zmigrate:ignore a-b -- ", "needs a reason"],
  ["-- zmigrate:ignore -- because", "a rule is missing"],
  ["-- zmigrate:ignore a,,b -- because", "a rule is missing"],
  ["-- zmigrate:ignore a b -- because", "not a rule's name"],
  ["-- zmigrate:up", "expression is missing"],
  ["-- zmigrate:up a;", "semicolon"],
  ["-- zmigrate:gate", "exactly one"],
  ["-- zmigrate:gate soak=1h park=1h", "exactly one"],
  ["-- zmigrate:gate soak=1week", "not a duration"],
  ["-- zmigrate:gate flag=a'b", "not a flag's name"],
  ["-- zmigrate:gate soke=1h", 'unknown setting "soke"'],
  ['-- zmigrate:gate sql=""', "query is empty"],
  ["-- zmigrate:gate sql=select true", "exactly one"],
  ["-- zmigrate:batch", "settings NAME=VALUE"],
  ["-- zmigrate:batch rows", "settings NAME=VALUE"],
  ["-- zmigrate:batch rows=0", "number of rows"],
  ["-- zmigrate:batch rows=1e3", "number of rows"],
  ["-- zmigrate:batch rows=1 rows=2", "set twice"],
  ["-- zmigrate:batch target=0", "not a duration"],
  ["-- zmigrate:batch size=5", 'unknown setting "size"'],
  ["-- zmigrate:", "key is missing"],
  ["-- zmigrate:phse expand", 'no directive "phse"'],
  ["-- zmigrate:Phase expand", 'no directive "Phase"'],
  ["-- zmigrate:constructor x", 'no directive "constructor"'],
  ["-- zmigrate: ignore a -- b", "key is missing"],
  ["-- zmigrate :phase expand", "looks like a directive"],
  ["-- zmigrate phase expand", "looks like a directive"],
  ["-- ZMIGRATE:phase expand", "looks like a directive"],
  ["-- zmigrat:phase expand", "looks like a directive"],
  ["-- zmgirate:pase expand", "looks like a directive"],
  ["-- zmigrate=phase expand", "looks like a directive"],
  ["/* zmigrate:phase expand */", "not a block"],
  ["/*\n * zmigrate:ignore a -- b\n */", "not a block"],
  ["SELECT 2; -- zmigrate:phase expand", "line of its own"],
])("%s is an error: %s", (line, reason) => {
  expect(() => read(`\n${line}\nSELECT 1;`)).toThrow(
    expect.objectContaining({
      code: "bad-directive",
      data: expect.objectContaining({
        file: "m.sql",
        line: 2,
        reason: expect.stringContaining(reason),
        help: expect.any(String),
      }),
    }),
  );
});

test.each([
  "-- plain prose",
  "-- zmigrate renames this in phases",
  "-- zmigrate updates both",
  "-- migrate:up",
  "-- +goose Up",
  "-- see https://zmigrate.dev",
  "-- phase expand",
  "/* zmigrate is nice */",
  "SELECT '-- zmigrate:nonsense';",
])("%s is no directive", (line) => expect(read(`${line}\nSELECT 1;`)).toEqual([]));

test("what was probably meant is suggested", () => {
  expect(() => readOne("-- zmigrate:ignroe a -- b")).toThrow(
    expect.objectContaining({ help: expect.stringContaining("Did you mean `-- zmigrate:ignore`?") }),
  );
});

test("no comment makes it throw anything but a bad directive, or hang", () => {
  const word = fc.constantFrom(
    "zmigrate",
    ":",
    "phase",
    "ignore",
    "gate",
    "batch",
    "=",
    '"',
    " ",
    "--",
    ",",
    "expand",
    "sql",
    "\n",
    "é",
  );
  const line = fc.array(fc.oneof(word, fc.string()), { maxLength: 12 }).map((words) => words.join(""));
  fc.assert(
    fc.property(line, (body) => {
      const text = `-- ${body}`;
      try {
        readDirectives("m.sql", text, [{ text, span: { start: 0, end: text.length } }]);
      } catch (error) {
        expect(error).toMatchObject({ code: "bad-directive" });
      }
    }),
    { numRuns: 2_000 },
  );
});
