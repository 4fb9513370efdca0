import { expect, it } from "vitest";
import { refusalOn, stepsOn } from "../support/plan.js";

const T = "CREATE TABLE t (id bigserial PRIMARY KEY, a int); CREATE SEQUENCE s;";
const SET = "SELECT pg_catalog.setval('public.q', 7, true)";

it.each([
  ["CREATE SEQUENCE q;", SET],
  ["CREATE SEQUENCE q; ALTER SEQUENCE q OWNED BY t.a;", "SELECT setval('q', (SELECT max(a) FROM t))"],
  ["CREATE TABLE n (id serial);", "SELECT setval('n_id_seq', 1, false)"],
  ["CREATE TABLE n (id serial);", "SELECT setval(pg_get_serial_sequence('n', 'id'), 8)"],
  ["CREATE TABLE n (id int GENERATED ALWAYS AS IDENTITY);", "SELECT setval('n_id_seq', 9), setval('n_id_seq', 10)"],
])("sets a sequence that nobody uses yet where the file says: %s %s", async (made, sql) => {
  const steps = await stepsOn(T, `${made} ${sql};`);
  expect(steps.at(-1)).toBe(`expand ${sql}`);
});

it("sets it behind the rows that it looks at", async () => {
  const set = "SELECT setval('q', (SELECT max(a) FROM t))";
  const steps = await stepsOn(T, `CREATE SEQUENCE q; UPDATE t SET a = a + 1; ${set};`);
  expect(steps.map((s) => s.split(" ")[0])).toEqual(["expand", "backfill", "backfill"]);
  expect(steps.at(-1)).toBe(`backfill ${set}`);
  const asked = `CREATE SEQUENCE q;\n-- zmigrate:phase backfill\nUPDATE t SET a = a + 1;\n-- zmigrate:phase expand\n${set};`;
  expect(await refusalOn(T, asked)).toContain("stands in the expand phase");
});

it.each([
  "SELECT setval('t_id_seq', 1);",
  "SELECT setval('s', 7);",
  "CREATE TABLE IF NOT EXISTS t (id serial); SELECT setval('t_id_seq', 7);",
  "CREATE SEQUENCE q; SELECT setval('q', 7), setval('t_id_seq', (SELECT max(id) FROM t));",
])("refuses one that gives out numbers meanwhile: %s", async (sql) => {
  expect(await refusalOn(T, sql)).toMatch(/Running code takes numbers from .*RESTART WITH/);
});

it("takes the way out", async () => {
  expect(await stepsOn(T, "ALTER SEQUENCE t_id_seq RESTART WITH 1000;")).toHaveLength(1);
});

it.each(["SELECT 1, setval('q', 7);", "SELECT setval('q', f());", "SELECT setval(f(), 7);", "SELECT f();"])(
  "is no other query: %s",
  async (sql) => {
    expect(await refusalOn(T, `CREATE SEQUENCE q; ${sql}`)).toContain("cannot plan it yet");
  },
);
