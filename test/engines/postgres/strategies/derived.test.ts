import { describe, expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = "CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, email text, g int GENERATED ALWAYS AS (id) STORED);";
const UP = "-- zmigrate:up split_part(name, ' ', 1)\nALTER TABLE t ADD COLUMN first text;\n";
const LAST = "-- zmigrate:up split_part(name, ' ', 2)\nALTER TABLE t ADD COLUMN last text;\n";
const DOWN = "-- zmigrate:down first || ' ' || last\nALTER TABLE t DROP COLUMN name;\n";

const ids = async (migration: string) => {
  const { plan, refusals } = await planOn(T, migration);
  if (plan === null) throw new Error(JSON.stringify(refusals));
  return plan.steps.map((s) => `${s.stage ?? s.phase} ${s.id}`);
};

describe("columns that are computed from each other", () => {
  it("are one change, planned in the place of the first", async () => {
    expect(await ids(UP + LAST + DOWN)).toEqual([
      "expand 1-allow-omission-1",
      "expand 1-add-first",
      "expand 1-add-last",
      "expand 1-sync-trigger",
      "backfill 1-backfill",
      "backfill 1-verify",
      "swap 1-swap",
      "drop 1-drop",
    ]);
    expect(await ids(DOWN + LAST + UP)).toHaveLength(8);
  });

  it("may be NULL where the old one has a default, which stands in for no NULL that it follows", async () => {
    const { plan } = await planOn(
      T.replace("name text NOT NULL", "name text NOT NULL DEFAULT 'a b'"),
      UP + LAST + DOWN,
    );
    expect(plan?.steps[0]?.sql).toEqual([expect.stringContaining('"name" DROP NOT NULL')]);
  });

  it("are filled in one pass, where nobody has written any of them", async () => {
    const steps = await stepsOn(T, UP + LAST + DOWN);
    expect(steps.find((s) => s.startsWith("backfill backfill"))).toBe(
      `backfill backfill SET "first" = (split_part(name, ' ', 1)), "last" = (split_part(name, ' ', 2)) WHERE "first" IS NULL AND "last" IS NULL AND ((split_part(name, ' ', 1)) IS NOT NULL OR (split_part(name, ' ', 2)) IS NOT NULL)`,
    );
  });

  it("are only kept up to date where nothing goes", async () => {
    const { plan } = await planOn(T, "-- zmigrate:up lower(email)\nALTER TABLE t ADD COLUMN folded text;");
    expect(plan?.retires).toEqual([]);
    expect(plan?.steps.map((s) => s.stage ?? s.phase)).toEqual(["expand", "expand", "backfill", "backfill", "swap"]);
    expect(plan?.claims?.map((c) => c.change)).toEqual(["adds folded", "computes folded from email"]);
  });

  it("have steps of one word each, whatever their names", async () => {
    const up = '-- zmigrate:up lower(email)\nALTER TABLE t ADD COLUMN "a ""b" text NOT NULL;\n';
    for (const step of (await planOn(T, up, 14)).plan?.steps ?? []) expect(step.id).toMatch(/^\S+$/);
  });

  it("are told apart where they have nothing to do with each other", async () => {
    const copy = "-- zmigrate:up lower(email)\nALTER TABLE t ADD COLUMN folded text;\n";
    expect((await ids(UP + LAST + copy + DOWN)).filter((s) => s.includes("trigger"))).toEqual([
      "expand 1-sync-trigger",
      "expand 3-sync-trigger",
    ]);
  });

  it("become NOT NULL with the contract, and have indexes beside", async () => {
    const up = "-- zmigrate:up lower(email)\nALTER TABLE t ADD COLUMN folded text NOT NULL;\n";
    expect((await ids(`${up}CREATE INDEX ON t (folded);`)).slice(-4)).toEqual([
      "backfill 1-verify",
      "swap 1-not-null-folded",
      "swap 1-not-null-folded-validate",
      "swap 1-swap",
    ]);
  });

  it("are added at once to a table that is new", async () => {
    expect(await stepsOn("", `${T}\n${UP}`)).toHaveLength(2);
  });
});

describe("refuses, and says what to write", () => {
  it.each([
    [
      "CREATE UNIQUE INDEX u ON t (lower(name));",
      "",
      /^2:1 t\.name is unique, and what.*Drop the unique index u in an/,
    ],
    [
      "ALTER TABLE t ADD UNIQUE (id, name);",
      "",
      /^2:1 t\.name is unique.*unique constraint t_id_name_key in an earlier/,
    ],
    ["ALTER TABLE t ADD UNIQUE (name);", "ALTER TABLE t DROP CONSTRAINT t_name_key;\n", /name is unique/],
    ["ALTER TABLE t ADD EXCLUDE (name WITH =);", "", /^2:1 The exclusion constraint t_name_excl names t\.name/],
    ["ALTER TABLE t ADD CONSTRAINT c CHECK (name <> '');", "", /^2:1 The check c names t\.name.*Drop c in an earlier/],
    ["ALTER TABLE t ADD CONSTRAINT c CHECK (name <> '');", "ALTER TABLE t DROP CONSTRAINT c;\n", null],
    [
      "ALTER TABLE t ADD CONSTRAINT c CHECK (to_jsonb(t.*)->>'name' <> '');",
      "",
      /^2:1 The check c reads the row as a whole, name with it.*Drop c in an earlier/,
    ],
    ["ALTER TABLE t ADD UNIQUE (email), ADD CHECK (email <> '');", "", null],
  ])("new code's statements must not fail in columns that it does not know: %s %s", async (rule, before, said) => {
    const refusal = (await refusalOn(T + rule, `${before}${UP}${LAST}${DOWN}`)).replaceAll("\n", " ");
    if (said === null) expect(refusal).toBe("");
    else expect(refusal).toMatch(said);
  });

  it.each([
    [`${UP}ALTER TABLE t DROP COLUMN name;`, /^3:1 Columns of this file are computed from name.*zmigrate:down EXPR/],
    [`${UP}ALTER TABLE t ADD last text;\n${DOWN}`, /^3:1 A column that goes is computed from last.*zmigrate:up EXPR/],
    [UP.replace("text", "text DEFAULT 'x'") + LAST + DOWN, /has a default beside.*later migration/],
    [UP.replace("text", "text UNIQUE"), /has a key beside/],
    [UP.replace("name", "nope"), /The directive up names nope/],
    [UP.replace("name", "g::text"), /names g, which is generated/],
    [UP.replace("name", "name || random()"), /another value at every call/],
    [UP + LAST + DOWN.replace("first ||", "name ||"), /The directive down names name, and t has no such column/],
    [UP + LAST + DOWN.replace("name;", "name CASCADE;"), /CASCADE/],
    [`${UP}${LAST}${DOWN}ALTER TABLE t RENAME email TO mail;`, null],
    [`${UP}${LAST}${DOWN}ALTER TABLE t RENAME first TO prename;`, /already adds first|already/],
    [`-- zmigrate:phase contract\n${UP}${LAST}${DOWN}`, /begins in expand/],
  ])("%s", async (migration, said) => {
    const refusal = (await refusalOn(T, migration)).replaceAll("\n", " ");
    if (said === null) expect(refusal).toBe("");
    else expect(refusal).toMatch(said);
  });
});
