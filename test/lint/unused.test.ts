import { expect, test } from "vitest";
import { createMysqlEngine } from "../../src/engines/mysql/index.js";
import { found, lintTexts } from "./support.js";

test.each(["up x", "down x", "fill x"])(
  "%s before an operation that has no use for it is an error",
  async (directive) => {
    expect(await found([`-- zmigrate:${directive}\nALTER TABLE t RENAME COLUMN a TO b;`])).toContain(
      "unused-directive@1",
    );
    expect(await found([`-- zmigrate:${directive}\nCREATE VIEW v AS SELECT 1;`])).toEqual(["unused-directive@1"]);
  },
);

test("down before a column that goes by itself is an error: nothing takes its place", async () => {
  expect(await found(["-- zmigrate:down 'x'\nALTER TABLE t DROP COLUMN a;"])).toContain("unused-directive@1");
  const elsewhere = "ALTER TABLE u ADD COLUMN b text;\n-- zmigrate:down 'x'\nALTER TABLE t DROP COLUMN a;";
  expect(await found([elsewhere])).toContain("unused-directive@2");
});

const SPLIT = `-- zmigrate:batch rows=50
-- zmigrate:up split_part(name, ' ', 1)
ALTER TABLE u ADD COLUMN first text;
-- zmigrate:down first || ' X'
ALTER TABLE public.u DROP COLUMN name;
`;

test("a split uses both expressions, in either order", async () => {
  expect((await found([SPLIT])).filter((f) => f.startsWith("unused"))).toEqual([]);
  const dropFirst = `-- zmigrate:batch rows=50
-- zmigrate:down first
ALTER TABLE u DROP COLUMN name;
-- zmigrate:up name
ALTER TABLE u ADD COLUMN first text;
`;
  expect((await found([dropFirst])).filter((f) => f.startsWith("unused"))).toEqual([]);
});

test("a copy in another form uses up alone", async () => {
  expect(await found(["-- zmigrate:up a\nALTER TABLE t ADD COLUMN b int;"])).toEqual([]);
});

test("fill is what an added column holds that is NOT NULL and has no default", async () => {
  const engine = createMysqlEngine("mariadb");
  const { findings } = await lintTexts(
    ["-- zmigrate:fill 'x'\nALTER TABLE t ADD COLUMN a text NOT NULL;"],
    {},
    { engine, version: engine.oldestVersion },
  );
  expect(findings.map((f) => f.rule)).not.toContain("unused-directive");
  expect(await found(["-- zmigrate:fill 1\nALTER TABLE t ADD COLUMN a int;"])).toEqual(["unused-directive@1"]);
});

test("fill is what a primary key takes in the place of NULL", async () => {
  const added = (what: string) =>
    found([`CREATE TABLE t (a int);`, `-- zmigrate:fill 1\nALTER TABLE t ADD ${what} (a);`]);
  expect(await added("PRIMARY KEY")).not.toContain("unused-directive@1");
  expect(await added("UNIQUE")).toContain("unused-directive@1");
});

test("batch is for what moves rows", async () => {
  expect(await found(["-- zmigrate:batch rows=5\nCREATE INDEX CONCURRENTLY i ON t (a);"])).toEqual([
    "unused-directive@1",
  ]);
  expect(await found(["-- zmigrate:batch rows=5\nALTER TABLE t RENAME COLUMN a TO b;"])).toEqual(["renaming-column@2"]);
});

test("a change of type uses both", async () => {
  const text = "-- zmigrate:up a::bigint\n-- zmigrate:down a::text\nALTER TABLE t ALTER COLUMN a TYPE bigint;";
  expect(await found([text])).toEqual(["changing-column-type@3"]);
});
