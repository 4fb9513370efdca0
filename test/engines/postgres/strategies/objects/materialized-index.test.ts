import { expect, it } from "vitest";
import type { StoredObject } from "../../../../../src/model/catalog.js";
import { planOn, refusalOn, schema, stepsOn } from "../../support/plan.js";

const T = "CREATE TABLE t (id int PRIMARY KEY, a int);";

it("an index of a materialized view that the file makes is built beside its readers", async () => {
  const made = "CREATE MATERIALIZED VIEW m AS SELECT id FROM t";
  expect(await stepsOn(T, `${made}; CREATE UNIQUE INDEX m_id ON m (id);`)).toEqual([
    `expand ${made}`,
    expect.stringMatching(/^expand CREATE UNIQUE INDEX CONCURRENTLY "m_id" ON "public"."m" /),
  ]);
});

const VIEW: StoredObject = {
  object: "materialized-view",
  name: { schema: "public", name: "m" },
  on: null,
  parameters: null,
  restore: null,
  comment: null,
  columns: ["id"],
  indexes: [
    {
      name: "m_u",
      columns: ["id"],
      definition: "CREATE UNIQUE INDEX m_u ON public.m USING btree (id) WITH (fillfactor='70')",
      unique: true,
      valid: true,
      constraint: null,
      comment: "by id",
    },
  ],
};

it("so is one of a view that is there, by a name of its own", async () => {
  const catalog = { ...(await schema(T)), objects: [VIEW] };
  expect(await stepsOn(catalog, "CREATE INDEX m_id ON m (id) WHERE id > 0;")).toEqual([
    expect.stringMatching(/^expand CREATE INDEX CONCURRENTLY "m_id" ON "public"."m" .*WHERE id > 0$/),
  ]);
  expect(await refusalOn(catalog, "CREATE INDEX ON m (id);")).toMatch(/Give the index a name/);
  expect(await refusalOn(catalog, "CREATE INDEX n_id ON n (id);")).toMatch(/table n does not exist/);
});

it("one that is there is dropped in the swap, and built again by a rollback", async () => {
  const { plan } = await planOn({ ...(await schema(T)), objects: [VIEW] }, "DROP INDEX m_u;");
  expect(plan?.steps).toMatchObject([
    {
      stage: "swap",
      transaction: false,
      sql: ['DROP INDEX CONCURRENTLY IF EXISTS "public"."m_u"'],
      undo: [
        'DROP INDEX CONCURRENTLY IF EXISTS "public"."m_u"',
        `CREATE UNIQUE INDEX CONCURRENTLY "m_u" ON "public"."m" USING btree (id) WITH (fillfactor='70')`,
        `COMMENT ON INDEX "public"."m_u" IS 'by id'`,
      ],
    },
  ]);
  expect(plan?.notes.join()).toContain("REFRESH MATERIALIZED VIEW CONCURRENTLY of public.m");
});
