import { expect, it } from "vitest";
import type { StoredObject } from "../../../../../src/model/catalog.js";
import { refusalOn, schema, stepsOn } from "../../support/plan.js";

const T = "CREATE TABLE t (id int PRIMARY KEY, a int);";

it("an index of a materialized view that the file makes is built beside its readers", async () => {
  const made = "CREATE MATERIALIZED VIEW m AS SELECT id FROM t";
  expect(await stepsOn(T, `${made}; CREATE UNIQUE INDEX m_id ON m (id);`)).toEqual([
    `expand ${made}`,
    expect.stringMatching(/^expand CREATE UNIQUE INDEX CONCURRENTLY "m_id" ON "public"."m" /),
  ]);
});

it("so is one of a view that is there, by a name of its own", async () => {
  const name = { schema: "public", name: "m" };
  const view: StoredObject = {
    object: "materialized-view",
    name,
    on: null,
    parameters: null,
    restore: null,
    comment: null,
    columns: ["id"],
  };
  const catalog = { ...(await schema(T)), objects: [view] };
  expect(await stepsOn(catalog, "CREATE INDEX m_id ON m (id) WHERE id > 0;")).toEqual([
    expect.stringMatching(/^expand CREATE INDEX CONCURRENTLY "m_id" ON "public"."m" .*WHERE id > 0$/),
  ]);
  expect(await refusalOn(catalog, "CREATE INDEX ON m (id);")).toMatch(/Give the index a name/);
  expect(await refusalOn(catalog, "CREATE INDEX n_id ON n (id);")).toMatch(/table n does not exist/);
});
