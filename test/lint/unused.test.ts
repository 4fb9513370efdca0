import { expect, test } from "vitest";
import { found } from "./support.js";

test.each(["up x", "down x", "fill x"])(
  "%s before an operation that has no use for it is an error",
  async (directive) => {
    expect(await found([`-- zmigrate:${directive}\nALTER TABLE t ADD COLUMN a int;`])).toEqual(["unused-directive@1"]);
  },
);

test("batch is for what moves rows", async () => {
  expect(await found(["-- zmigrate:batch rows=5\nCREATE INDEX CONCURRENTLY i ON t (a);"])).toEqual([
    "unused-directive@1",
  ]);
  expect(await found(["-- zmigrate:batch rows=5\nALTER TABLE t RENAME COLUMN a TO b;"])).toEqual(["renaming-column@2"]);
});

test("expressions before a change that is not planned yet are left to it", async () => {
  expect(await found(["-- zmigrate:up a::bigint\nALTER TABLE t ALTER COLUMN a TYPE bigint;"])).toEqual([
    "changing-column-type@2",
  ]);
});
