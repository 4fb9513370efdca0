import { beforeAll, describe, expect, it } from "vitest";
import { engineFor } from "../../../src/config/engine.js";
import type { Engine, EngineName } from "../../../src/engines/engine.js";
import { parseMigration } from "../../../src/history/load.js";
import { applyOperation, emptyCatalog } from "../../../src/history/replay.js";
import type { StoredObject } from "../../../src/model/catalog.js";
import { planMigration } from "../../../src/plan/plan.js";

const SCHEMA = `CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE TABLE u (id int PRIMARY KEY, a int);
CREATE TABLE child (id int PRIMARY KEY, t int);`;

const ALL = ["postgres", "mysql", "mariadb"] as const;

const engines = new Map<EngineName, Engine>();
beforeAll(async () => {
  for (const name of ALL) {
    const engine = await engineFor(name);
    await engine.load();
    engines.set(name, engine);
  }
});

function planOn(name: EngineName, text: string, bytes: number | null = null, objects: StoredObject[] = []) {
  const engine = engines.get(name);
  if (engine === undefined) throw new Error(name);
  const read = (sql: string) =>
    parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text: sql, checksum: "" }, engine);
  const base = emptyCatalog("database", "public", name === "postgres" ? undefined : name);
  const made = read(SCHEMA)
    .statements.flatMap((s) => s.operations)
    .reduce(applyOperation, objects.length === 0 ? base : { ...base, objects });
  const catalog = { ...made, tables: made.tables.map((t) => ({ ...t, bytes })) };
  return planMigration(read(text), { engine, catalog, version: engine.newestVersion });
}

/** Why a change does not run in batches; empty where it does. */
function refusal(name: EngineName, text: string, objects: StoredObject[] = []): string {
  const { plan, refusals } = planOn(name, text, null, objects);
  if (plan?.steps.some(({ backfill }) => backfill === null) === true) throw new Error("it runs at once");
  return refusals.map((r) => `${r.reason} ${r.help}`).join("\n");
}

describe.each(ALL)("a query in a change of rows on %s", (name) => {
  it.each(name === "postgres" ? ["random()"] : ["RAND()", "UUID()", "SYSDATE()"])(
    "refuses a query that %s answers otherwise each time, unless it depends on the row",
    (call) => {
      const picked = `SELECT id FROM (SELECT id FROM u ORDER BY ${call} LIMIT 10) q`;
      const [word = ""] = call.split("(");
      const asked = `a query in it calls ${word}`;
      expect(refusal(name, `UPDATE t SET b = 1 WHERE id IN (${picked})`)).toContain(asked);
      expect(refusal(name, `DELETE FROM t WHERE id IN (${picked})`)).toContain(asked);
      expect(refusal(name, `UPDATE t SET b = (SELECT ${call})`)).toContain(`call ${word} outside of the query`);
      expect(refusal(name, `UPDATE t SET b = (SELECT t.a FROM u ORDER BY ${call} LIMIT 1)`)).toContain(asked);
      expect(refusal(name, `INSERT INTO u SELECT id, (SELECT ${call}) FROM t`)).toContain(asked);
      expect(
        refusal(name, `INSERT INTO u SELECT id, a FROM t WHERE id IN (SELECT t FROM child WHERE id > ${call})`),
      ).toContain(asked);
      const hidden = `SELECT a FROM child t WHERE t.id = t.t ORDER BY ${call} LIMIT 1`;
      expect(refusal(name, `UPDATE t SET b = (${hidden})`)).toContain(asked);
      for (const sql of [
        `UPDATE t SET b = ${call} WHERE a < ${call}`,
        `UPDATE t SET b = (SELECT a FROM u WHERE u.id <> t.id ORDER BY ${call} LIMIT 1)`,
        `UPDATE t AS x SET b = (SELECT ${call} * x.a)`,
        `INSERT INTO u SELECT id, (SELECT id FROM child c WHERE c.t = t.id AND c.id > ${call}) FROM t`,
        `INSERT INTO u SELECT id, ${call} FROM t WHERE a IN (SELECT id FROM child)`,
      ])
        expect(refusal(name, sql)).toBe("");
      const [step] = planOn(name, `UPDATE t SET b = (SELECT ${call})`, 16_384).plan?.steps ?? [];
      expect(step).toMatchObject({ rowsOnly: true, backfill: null });
    },
  );

  it("refuses a query that takes some of its rows in no order, unless it depends on the row", () => {
    const one = (query: string) => refusal(name, `UPDATE t SET b = (${query})`);
    expect(one("SELECT a FROM u WHERE a > 1 LIMIT 1")).toMatch(/takes some of its rows \(LIMIT\).* Order it by a key/);
    expect(one("SELECT a FROM u ORDER BY id LIMIT 1")).toBe("");
    expect(one("SELECT a FROM u WHERE u.id = t.a LIMIT 1")).toBe("");
    expect(
      one("SELECT a FROM u WHERE id IN (SELECT t FROM (SELECT t FROM child LIMIT 3) q) ORDER BY id LIMIT 1"),
    ).toContain("LIMIT");
    expect(refusal(name, "UPDATE t SET b = 1 WHERE EXISTS (SELECT 1 FROM u LIMIT 1)")).toBe("");
    expect(refusal(name, "DELETE FROM t WHERE id IN (SELECT a FROM (SELECT a FROM u LIMIT 10) q)")).toContain("LIMIT");
    expect(one("(SELECT a FROM u) UNION (SELECT t FROM child) LIMIT 1")).toContain("LIMIT");
  });

  it("takes a query of one row at most, by a key that is given one value, for what it is", () => {
    const one = (query: string) => refusal(name, `UPDATE t SET b = (${query})`);
    for (const query of [
      "SELECT a FROM u WHERE id = 5 LIMIT 1",
      "SELECT x.a FROM u AS x WHERE x.a > 3 AND 5 = x.id LIMIT 1",
      "SELECT u.a FROM u WHERE id = (SELECT max(t) FROM child) AND id = 4 LIMIT 1",
    ])
      expect(one(query), query).toBe("");
    for (const query of [
      "SELECT a FROM u WHERE id IN (5, 6) LIMIT 1",
      "SELECT a FROM u WHERE id = 5 OR a = 1 LIMIT 1",
      "SELECT a FROM u WHERE a = 5 LIMIT 1",
      "SELECT a FROM u WHERE id > 5 LIMIT 1",
      "SELECT u.a FROM u, child WHERE u.id = 5 LIMIT 1",
      "SELECT u.a FROM u LEFT JOIN child ON child.t = u.id WHERE u.id = 5 LIMIT 1",
      "(SELECT a FROM u WHERE id = 5) UNION (SELECT t FROM child) LIMIT 1",
      "WITH u AS (SELECT t AS id, id AS a FROM child) SELECT a FROM u WHERE id = 5 LIMIT 1",
    ])
      expect(one(query), query).toContain("LIMIT");
    if (name === "postgres") expect(one("SELECT unnest(ARRAY[a, 1]) FROM u WHERE id = 5 LIMIT 1")).toContain("LIMIT");
  });
});

describe("what is carried over from row to row, or is of the statement as a whole", () => {
  it.each([
    ["mariadb", "DELETE FROM t WHERE ROWNUM() <= 10", "it calls ROWNUM"],
    ["mariadb", "UPDATE t SET b = rownum ()", "it calls rownum"],
    ["mariadb", "INSERT INTO u SELECT id, ROWNUM() FROM t", "each batch would begin it anew"],
    ["mariadb", "UPDATE t SET b = (SELECT a FROM child WHERE child.t = t.id AND ROWNUM() <= 1)", ""],
    ["mariadb", "UPDATE t SET b = LASTVAL(s)", "an earlier statement left there"],
    ["mariadb", "UPDATE t SET b = PREVIOUS VALUE FOR s", "an earlier statement left there"],
    ["mariadb", "UPDATE t SET a = NEXTVAL(s), b = LASTVAL(s)", ""],
    ["mysql", "UPDATE t SET b = RAND(5) * 10", "it calls RAND with a seed"],
    ["mariadb", "DELETE FROM t WHERE rand(7) < 0.0005", "Leave the seed out"],
    ["mysql", "INSERT INTO u SELECT id, RAND(UNIX_TIMESTAMP()) FROM t", "it calls RAND with a seed"],
    ["mysql", "UPDATE t SET b = (SELECT a FROM u WHERE u.id > t.id ORDER BY RAND(3) LIMIT 1)", "with a seed"],
    ["mysql", "UPDATE t SET b = RAND((SELECT max(id) FROM u))", "with a seed"],
    ["mysql", "UPDATE t SET b = RAND(t.id) + RAND()", ""],
    ["mysql", "UPDATE t SET b = rand", ""],
    ["mysql", "UPDATE t SET b = LAST_INSERT_ID()", "an earlier statement left there"],
    ["mysql", "UPDATE t SET b = LAST_INSERT_ID(a + 1)", ""],
    ["mysql", "UPDATE t SET b = ROW_COUNT()", "an earlier statement left there"],
    ["mariadb", "UPDATE t SET b = FOUND_ROWS()", "an earlier statement left there"],
    ["postgres", "UPDATE t SET b = random() * 10 WHERE id > 1 OR setseed(0.5) IS NULL", "it calls setseed"],
    [
      "postgres",
      "UPDATE t SET b = set_config('my.n', (current_setting('my.n')::int + 1)::text, false)::int",
      "set_config",
    ],
    ["postgres", "UPDATE t SET b = currval('s')", "it calls currval"],
    ["postgres", "UPDATE t SET a = nextval('s'), b = currval('s')", ""],
    ["postgres", "UPDATE t SET a = app.setseed(0.5)", ""],
  ] as const)("%s: %s", (name, sql, reason) => {
    if (reason === "") expect(refusal(name, sql)).toBe("");
    else expect(refusal(name, sql)).toContain(reason);
  });

  it("runs at once where the tables are small", () => {
    const [step] = planOn("mariadb", "UPDATE t SET b = ROWNUM()", 16_384).plan?.steps ?? [];
    expect(step).toMatchObject({ rowsOnly: true, backfill: null });
  });

  it.each([
    ["mysql", "CONNECTION_ID()"],
    ["mariadb", "(SELECT CONNECTION_ID())"],
    ["postgres", "pg_backend_pid()"],
    ["postgres", "pg_current_xact_id()::text::int"],
    ["postgres", "length(current_query())"],
  ] as const)("%s: says that each batch has its own %s", (name, call) => {
    const notes = planOn(name, `UPDATE t SET b = ${call}`).plan?.notes ?? [];
    expect(notes.filter((note) => note.includes("session and transaction of each batch"))).toHaveLength(1);
  });
});

describe("what only one of them has", () => {
  it.each([
    ["UPDATE t SET a = 1 FROM (SELECT id FROM u ORDER BY random() LIMIT 10) q WHERE q.id = t.id", "calls random"],
    ["DELETE FROM t USING (SELECT id FROM u ORDER BY random()) q WHERE q.id = t.id", "calls random"],
    ["UPDATE t SET a = 1 FROM generate_series(1, (random() * 10)::int) g WHERE g = t.id", "calls random"],
    ["UPDATE t SET a = 1 FROM u TABLESAMPLE SYSTEM (10) WHERE u.id = t.id", "TABLESAMPLE"],
    ["UPDATE t SET a = 1 WHERE id IN (SELECT id FROM u TABLESAMPLE SYSTEM (10))", "Add REPEATABLE"],
    ["UPDATE t SET a = 1 WHERE id IN (WITH w AS (SELECT id, random() r FROM u) SELECT id FROM w)", "calls random"],
    ["UPDATE t SET a = 1 WHERE id IN (SELECT id FROM u FETCH FIRST 3 ROWS ONLY)", "(LIMIT)"],
    ["UPDATE t SET a = 1 WHERE id IN (SELECT id FROM u OFFSET 3)", "(OFFSET)"],
    ["UPDATE t SET a = 1 WHERE id IN (SELECT DISTINCT ON (a) id FROM u)", "(DISTINCT ON)"],
    ["UPDATE t SET a = (SELECT nextval('s'))", "calls nextval"],
    ["UPDATE t SET a = (SELECT extract(epoch FROM clock_timestamp()))", "calls clock_timestamp"],
    ["UPDATE t SET a = (SELECT app.pick(u.id) FROM u WHERE u.id = 1)", "calls app.pick"],
    [
      "UPDATE t SET a = (SELECT pg_backend_pid() + max(u.id) FROM u, generate_series(1, 2) WHERE now() > '2020-01-01')",
      "",
    ],
    ["UPDATE t SET a = 1 FROM u TABLESAMPLE SYSTEM (10) REPEATABLE (1) WHERE u.id = t.id", ""],
    ["UPDATE t SET a = 1 FROM u WHERE u.id = t.id AND random() < 0.5", ""],
    ["UPDATE t SET a = (SELECT g FROM generate_series(1, t.b) g ORDER BY random() LIMIT 1)", ""],
  ])("PostgreSQL: %s", (sql, reason) => {
    if (reason === "") expect(refusal("postgres", sql)).toBe("");
    else expect(refusal("postgres", sql)).toContain(reason);
  });

  it("PostgreSQL: a function of yours, unless the database says that it is IMMUTABLE or STABLE", () => {
    const printed = (...kinds: string[]): StoredObject[] =>
      kinds.map((kind) => ({
        object: "function",
        name: { schema: "public", name: "pick" },
        on: null,
        parameters: [],
        restore: [
          `CREATE OR REPLACE FUNCTION public.pick()\n RETURNS integer\n LANGUAGE sql\n${kind}AS $f$\nSELECT 1 -- IMMUTABLE\n$f$\n`,
        ],
        comment: null,
        columns: [],
      }));
    const asked = (sql: string, ...kinds: string[]) => refusal("postgres", sql, printed(...kinds));
    const query = "UPDATE t SET a = (SELECT pick())";
    expect(asked(query, "")).toMatch(/calls pick.* declare it IMMUTABLE or STABLE\./);
    expect(asked("UPDATE t SET a = (SELECT random())", "")).not.toContain("declare");
    expect(asked(query, " STABLE\n")).toBe("");
    expect(asked(query, " IMMUTABLE STRICT\n", "")).toContain("calls pick");
    expect(asked("UPDATE t SET a = pick()", "")).toBe("");
  });

  it.each(["mysql", "mariadb"] as const)("%s: a function of yours, unless it is DETERMINISTIC", (name) => {
    const printed = (said: string): StoredObject => ({
      object: "function",
      name: { schema: null, name: "pick" },
      on: null,
      parameters: [],
      restore: [
        "SET sql_mode = ''",
        `CREATE DEFINER=\`a\`@\`%\` FUNCTION \`pick\`() RETURNS int${said}\n    COMMENT 'DETERMINISTIC'\nRETURN 1 /* DETERMINISTIC */`,
      ],
      comment: null,
      columns: [],
    });
    const query = "UPDATE t SET a = (SELECT pick())";
    expect(refusal(name, query, [printed("")])).toMatch(/calls pick.* declare it DETERMINISTIC\./);
    expect(refusal(name, query, [printed("\n    NOT DETERMINISTIC")])).toContain("calls pick");
    expect(refusal(name, query, [printed("\n    DETERMINISTIC")])).toBe("");
    expect(refusal(name, "UPDATE t SET a = (SELECT RAND())")).not.toContain("declare");
  });

  it.each([
    ["mysql", "UPDATE t JOIN (SELECT id FROM u ORDER BY RAND() LIMIT 10) q ON q.id = t.id SET t.b = 1", "calls RAND"],
    ["mysql", "DELETE t FROM t JOIN (SELECT id FROM u ORDER BY RAND() LIMIT 10) q ON q.id = t.id", "calls RAND"],
    [
      "mysql",
      "UPDATE t JOIN ((SELECT id FROM u) UNION (SELECT t FROM child) ORDER BY RAND() LIMIT 1) q ON q.id = t.id SET t.b = 1",
      "calls RAND",
    ],
    ["mysql", "UPDATE t SET a = (SELECT app.pick(id) FROM u WHERE id = 1)", "calls app.pick"],
    ["mysql", "UPDATE t SET a = (SELECT pick(max(id)) FROM u)", "calls pick"],
    ["mysql", "UPDATE t SET a = (SELECT COUNT(uuid) FROM u WHERE UPPER(rand) = 'X')", ""],
    ["mysql", "UPDATE t SET a = (RAND() + (SELECT max(id) FROM u))", ""],
    ["mysql", "UPDATE t SET a = (SELECT x.v FROM u x WHERE x.k = `T`.b ORDER BY RAND() LIMIT 1)", ""],
    ["mariadb", "UPDATE t SET a = (SELECT NEXT VALUE FOR s)", "calls NEXT VALUE FOR"],
    ["mariadb", "UPDATE t SET a = (SELECT max(id) FROM u WHERE ROWNUM() < 3)", "calls ROWNUM"],
    ["mariadb", "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM u OFFSET 1 ROW FETCH FIRST 2 ROWS ONLY)", "(OFFSET)"],
  ] as const)("%s: %s", (name, sql, reason) => {
    if (reason === "") expect(refusal(name, sql)).toBe("");
    else expect(refusal(name, sql)).toContain(reason);
  });
});
