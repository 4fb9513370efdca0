import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged } from "./judged.js";

const BASE = "CREATE TABLE orders (id bigint PRIMARY KEY, price int); INSERT INTO orders VALUES (1, 2);";
const ADDED = "ALTER TABLE orders ADD COLUMN total int;";
const f = (body: string, pragma = "") =>
  `CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ ${pragma}
  DECLARE total int := 5; x int; r record; BEGIN ${body} RETURN total; END $$;`;

/** A function with a variable "total", and whether it fails behind a column of that name. */
const CASES: readonly (readonly [made: string, fails: boolean])[] = [
  [f("SELECT total + price INTO total FROM orders;"), true],
  [f("UPDATE orders SET price = 1 WHERE id = total;"), true],
  [f("SELECT price AS total INTO x FROM orders GROUP BY total;"), true],
  [f("INSERT INTO orders VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET price = total;"), true],
  [f("FOR r IN SELECT id FROM orders WHERE id = total LOOP NULL; END LOOP;"), true],
  [f("SELECT (SELECT total) INTO x FROM orders;"), true],
  [
    "CREATE FUNCTION f() RETURNS TABLE (total int) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT price FROM orders WHERE total IS NULL; END $$;",
    true,
  ],
  [f("SELECT max(price) INTO total FROM orders; total := total + 1;"), false],
  [f("INSERT INTO orders (id, price) VALUES (total, total);"), false],
  [f("INSERT INTO orders (id, price) SELECT total, total;"), false],
  [f("SELECT price AS total INTO x FROM orders ORDER BY total LIMIT 1;"), false],
  [f("SELECT q.p INTO x FROM orders, (SELECT total AS p) q LIMIT 1;"), false],
  [f("WITH c AS (SELECT total AS p) SELECT p INTO x FROM c, orders LIMIT 1;"), false],
  [f("SELECT total + price INTO total FROM orders;", "#variable_conflict use_variable"), false],
];

describe("a new column with the name of a variable", () => {
  const said = async (made: string, sql = ADDED) =>
    (await judged([BASE, made, sql])).filter(({ rule }) => rule === "breaking-stored-code");
  test.each(CASES)("%s", async (made, fails) => {
    const found = await said(made);
    expect(found.map(({ message }) => /42702/.test(message))).toEqual(fails ? [true] : []);
  });
  test("is read where columns win", async () => {
    const [found] = await said(f("SELECT total + price INTO total FROM orders;", "#variable_conflict use_column"));
    expect(found?.message).toContain("reads the new column");
  });
  test("is one that another column gets by a rename", async () => {
    const [made] = CASES[0] ?? [];
    const renamed = await said(made ?? "", "ALTER TABLE orders RENAME COLUMN price TO total;");
    expect(renamed).toHaveLength(1);
  });
  test("is nobody's where its transaction makes the function anew", async () => {
    const [made] = CASES[0] ?? [];
    const anew = f("SELECT price INTO total FROM orders;");
    expect(await said(made ?? "", `BEGIN; ${ADDED} ${anew} COMMIT;`)).toEqual([]);
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("ambiguous_name");
  });
  afterAll(() => db?.drop());

  test("fails calls of the same", async () => {
    for (const [made, fails] of CASES) {
      const call = (sql: string) =>
        query(db.url, `BEGIN; ${BASE} ${made} ${sql} SELECT f(); ROLLBACK`).then(
          () => null,
          (error) => error.code,
        );
      expect([made, await call("")]).toEqual([made, null]);
      expect([made, await call(ADDED)]).toEqual([made, fails ? "42702" : null]);
    }
  });
});
