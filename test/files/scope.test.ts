import { beforeAll, expect, test } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { readDirectives } from "../../src/files/directives.js";
import { checkScopes, directivesOf, gatesOf, phaseOf, scopeOf } from "../../src/files/scope.js";

beforeAll(() => postgresEngine.load());

function migration(text: string) {
  const { statements, comments } = postgresEngine.parse(text);
  return { file: "m.sql", text, statements, directives: readDirectives("m.sql", text, comments) };
}

test("an ignore is about the next statement, and no other", () => {
  const m = migration("SELECT 1;\n-- zmigrate:ignore a -- b\nSELECT 2;\nSELECT 3;");
  const [ignore] = m.directives;
  expect(ignore && scopeOf(m, ignore)).toEqual({ kind: "statement", statement: m.statements[1] });
});

test("a phase is about everything behind it, up to the next", () => {
  const m = migration(
    "SELECT 0;\n-- zmigrate:phase expand\nSELECT 1;\nSELECT 2;\n-- zmigrate:phase contract\nSELECT 3;",
  );
  expect(m.statements.map((statement) => phaseOf(m, statement))).toEqual([null, "expand", "expand", "contract"]);
});

test("expressions and batches are about the next operation, also inside a statement", () => {
  const m = migration(
    "-- zmigrate:batch rows=7\nALTER TABLE t ADD COLUMN a int,\n-- zmigrate:up x\n-- zmigrate:down y\n-- zmigrate:fill z\nADD COLUMN b int;",
  );
  const [first, second] = m.statements[0]?.operations ?? [];
  checkScopes(m);
  expect(first && directivesOf(m, first)).toEqual({
    up: null,
    down: null,
    fill: null,
    batch: { rows: 7, targetMs: null, key: null },
  });
  expect(second && directivesOf(m, second)).toEqual({ up: "x", down: "y", fill: "z", batch: null });
});

test("a gate is about the file, wherever it stands", () => {
  const m = migration('SELECT 1;\n-- zmigrate:gate soak=1h\n-- zmigrate:gate sql="a"\n-- zmigrate:gate sql="b"');
  checkScopes(m);
  expect(gatesOf(m).map(({ name, setting }) => [name, setting])).toEqual([
    ["soak", "3600000"],
    ["sql", "a"],
    ["sql", "b"],
  ]);
});

test.each([
  ["SELECT 1;\n-- zmigrate:ignore a -- b", 2, "no statement comes after"],
  ["SELECT 1;\n-- zmigrate:phase expand\n", 2, "no statement comes after"],
  ["SELECT 1;\n-- zmigrate:up x", 2, "no statement comes after"],
  ["SELECT\n-- zmigrate:ignore a -- b\n1;\nSELECT 2;", 2, "inside a statement"],
  ["ALTER TABLE t\n-- zmigrate:up x\nADD COLUMN a int;\nSELECT 2;", 2, "inside a statement"],
  ["SELECT\n-- zmigrate:phase expand\n1;\nSELECT 2;", 2, "inside a statement"],
  ["-- zmigrate:up x\n-- zmigrate:up y\nSELECT 1;", 2, "given before"],
  ["-- zmigrate:batch rows=1\n-- zmigrate:batch key=a\nSELECT 1;", 2, "given before"],
  ["-- zmigrate:gate soak=1h\n-- zmigrate:gate soak=2h\nSELECT 1;", 2, "given before"],
])("%j is an error", (text, line, reason) => {
  expect(() => checkScopes(migration(text))).toThrow(
    expect.objectContaining({
      code: "bad-directive",
      data: expect.objectContaining({ line, reason: expect.stringContaining(reason) }),
    }),
  );
});

test("two operations may each have their own expression", () => {
  checkScopes(
    migration("-- zmigrate:up x\nALTER TABLE t ADD COLUMN a int;\n-- zmigrate:up y\nALTER TABLE t ADD COLUMN b int;"),
  );
});
