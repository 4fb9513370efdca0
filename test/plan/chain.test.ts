import { expect, it } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import type { Operation } from "../../src/model/operation.js";
import { refuseChain } from "../../src/plan/chain.js";
import { planOn, refusalOn } from "../engines/postgres/support/plan.js";

const relation = { schema: "public", name: "t" };

it("says that a column may be added in front of rows that are written", async () => {
  await postgresEngine.load();
  const fills = { relation, name: null, change: "fills o", keeps: true as const, rows: true as const };
  const add = postgresEngine.parse("ALTER TABLE t ADD COLUMN c int").statements[0]?.operations[0] as Operation;
  const help = expect.stringContaining("Or write this statement in front of that one");
  expect(() => refuseChain([{ retires: [], claims: [fills] }], add, { retires: [] }, "public")).toThrow(
    expect.objectContaining({ help }),
  );
});

const W = `CREATE TABLE o (id int PRIMARY KEY);
CREATE TABLE w (id int PRIMARY KEY, a int UNIQUE, b int, o_id int, CONSTRAINT f FOREIGN KEY (o_id) REFERENCES o (id));
CREATE INDEX wi ON w (b);`;

/** What runs in the swap, in its order. */
const swapOf = async (sql: string): Promise<readonly string[] | undefined> =>
  (await planOn(W, sql)).plan?.steps.filter((s) => s.stage === "swap").map((s) => s.id);

it.each([
  [
    "a foreign key dropped, its column's type changed, and the key made again",
    "ALTER TABLE w DROP CONSTRAINT f; ALTER TABLE w ALTER o_id TYPE bigint; ALTER TABLE w ADD CONSTRAINT f FOREIGN KEY (o_id) REFERENCES o (id);",
    ["1-drop-constraint", "2-swap", "3-verify", "3-add-foreign-key", "3-add-foreign-key-validate"],
  ],
  [
    "an index dropped, and its column's type changed",
    "DROP INDEX wi; ALTER TABLE w ALTER b TYPE bigint;",
    ["1-drop-index", "2-swap"],
  ],
  [
    "the same with another index behind it",
    "DROP INDEX wi; ALTER TABLE w ALTER b TYPE bigint; CREATE INDEX wi2 ON w (b, a);",
    ["1-drop-index", "2-swap", "3-create-index"],
  ],
  [
    "an index dropped in front of the table's other name",
    "DROP INDEX wi; ALTER TABLE w RENAME TO wn;",
    ["1-drop-index", "2-swap"],
  ],
  [
    "a key dropped in front of it",
    "ALTER TABLE w DROP CONSTRAINT w_a_key; ALTER TABLE w RENAME TO wn;",
    ["1-drop-constraint", "2-swap"],
  ],
  [
    "NOT NULL in front of it",
    "ALTER TABLE w ALTER b SET NOT NULL; ALTER TABLE w RENAME TO wn;",
    ["1-not-null", "1-not-null-validate", "2-swap"],
  ],
  [
    "a key dropped, and made again with a new column",
    "ALTER TABLE w ADD t int; ALTER TABLE w DROP CONSTRAINT w_a_key; ALTER TABLE w ADD CONSTRAINT w_a_key UNIQUE (a, t);",
    ["2-drop-constraint", "3-unique-index", "3-unique"],
  ],
  [
    "a primary key made again of a new column",
    "ALTER TABLE w DROP CONSTRAINT w_pkey, ADD uid uuid NOT NULL DEFAULT gen_random_uuid(), ADD CONSTRAINT w_pkey PRIMARY KEY (uid);",
    ["1-drop-constraint", "3-unique-index", "3-primary-key"],
  ],
])("the swap has %s", async (_, sql, steps) => {
  expect(await swapOf(sql)).toEqual(steps);
});

it("says why a table gets no other name while steps under its own are left", async () => {
  expect(await refusalOn(W, "ALTER TABLE w DROP COLUMN b; ALTER TABLE w RENAME TO wn;")).toBe(
    "1:30 This file already drops b, in several steps, and this gives their table another name: those that run behind that would not find it. Put this statement into a later migration: it begins when this one has contracted.",
  );
});

it("writes rows of a column before its second column of another type is compared", async () => {
  const file = (where: string) => `UPDATE w SET b = NULL${where}; ALTER TABLE w ALTER b TYPE text;`;
  const steps = (await planOn(W, file(" WHERE b = 0"))).plan?.steps.map((s) => `${s.stage ?? s.phase} ${s.id}`);
  expect(steps?.slice(0, 5)).toEqual([
    "expand 2-add-column",
    "expand 2-sync-trigger",
    "backfill 1-update",
    "backfill 2-backfill",
    "backfill 2-verify",
  ]);
  // A statement without a list of columns would meet one more.
  expect(await refusalOn(W, "INSERT INTO w SELECT * FROM o; ALTER TABLE w ALTER b TYPE text;")).toContain("2");
});
