import { expect, test } from "vitest";
import { found, lintTexts } from "./support.js";

const block = (body: string) => `DO $$\nBEGIN\n${body}\nEND $$;`;

test.each([
  ["ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);", ["constraint-missing-not-valid@3"]],
  ["CREATE INDEX i ON t (a);", ["require-concurrent-index-creation@3"]],
  ["DROP INDEX IF EXISTS nobody_knows_it;", ["require-concurrent-index-deletion@3"]],
  ["IF 1 > 0 THEN\nALTER TABLE t ALTER a TYPE bigint;\nEND IF;", ["changing-column-type@4"]],
  ["ALTER TABLE t DROP COLUMN a;\nALTER TABLE u RENAME TO v;", ["ban-drop-column@3", "renaming-table@4"]],
  ["EXECUTE 'ALTER TABLE t DROP COLUMN a';", ["ban-drop-column@3"]],
  ["ALTER TABLE t ADD COLUMN b int;", []],
  ["UPDATE t SET a = 1;", ["unbatched-data-change@1"]],
])("a change in a block has the finding that it has outside, at its line: %s", async (body, expected) => {
  expect(await found([block(body)])).toEqual(expected);
});

test("what a block has made itself is new to everybody", async () => {
  expect(
    await found([block("CREATE TABLE n (id int);\nCREATE INDEX ON n (id);\nALTER TABLE n ALTER id SET NOT NULL;")]),
  ).toEqual([]);
  const both = "IF 1 > 0 THEN\nCREATE TABLE n (id int);\nCREATE INDEX ON n (id);\nEND IF;";
  expect(await found([block(both)])).toEqual([]);
  const behind = "IF 1 > 0 THEN\nCREATE TABLE n (id int);\nEND IF;\nCREATE INDEX ON n (id);";
  expect(await found([block(behind)])).toEqual(["require-concurrent-index-creation@6"]);
});

test("what cannot be seen in a block is said besides what can", async () => {
  const rules = await found([block("ALTER TABLE t DROP COLUMN a;\nEXECUTE x;")]);
  expect(rules).toContain("ban-drop-column@3");
  expect(rules.some((rule) => rule.startsWith("not-supported-yet"))).toBe(true);
});

test("CONCURRENTLY leads out of the block, and a fix does not pretend to", async () => {
  const { findings } = await lintTexts([block("CREATE INDEX i ON t (a);")]);
  expect(findings[0]?.help).toMatch(/^Write it without the DO block/);
  expect(findings[0]?.fix).toBeUndefined();
});

test("rules of style do not judge how a block is written", async () => {
  const guarded = block("IF 1 > 0 THEN\nALTER TABLE t ADD COLUMN b int;\nEND IF;");
  expect(await found([guarded], { "prefer-robust-stmts": "warning" })).toEqual([]);
});

test("an ignore before the block hides what is found in it", async () => {
  const text = `-- zmigrate:ignore ban-drop-column -- nothing reads it\n${block("ALTER TABLE t DROP COLUMN a;")}`;
  expect(await found([text])).toEqual([]);
});
