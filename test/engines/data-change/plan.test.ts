import { beforeAll, describe, expect, it } from "vitest";
import { engineFor } from "../../../src/config/engine.js";
import type { Engine, EngineName } from "../../../src/engines/engine.js";
import { parseMigration } from "../../../src/history/load.js";
import { applyOperation, emptyCatalog } from "../../../src/history/replay.js";
import type { Catalog } from "../../../src/model/catalog.js";
import type { Step } from "../../../src/model/step.js";
import { planMigration } from "../../../src/plan/plan.js";

const SCHEMA = `CREATE TABLE t (id int PRIMARY KEY, a int, b int, code int NOT NULL UNIQUE);
CREATE TABLE u (id int PRIMARY KEY, a int);
CREATE TABLE keyless (a int);
CREATE TABLE child (id int PRIMARY KEY, t int, CONSTRAINT fk FOREIGN KEY (t) REFERENCES t (id) ON DELETE CASCADE);`;

const engines = new Map<EngineName, Engine>();
beforeAll(async () => {
  for (const name of ["postgres", "mysql", "mariadb"] as const) {
    const engine = await engineFor(name);
    await engine.load();
    engines.set(name, engine);
  }
});

function planOn(name: EngineName, text: string, bytes: number | null = null, schema = SCHEMA) {
  const engine = engines.get(name);
  if (engine === undefined) throw new Error(name);
  const read = (sql: string) =>
    parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text: sql, checksum: "" }, engine);
  const base: Catalog = { ...emptyCatalog("database", "public"), ...(name === "postgres" ? {} : { dialect: name }) };
  const made = read(schema)
    .statements.flatMap((s) => s.operations)
    .reduce(applyOperation, base);
  const catalog = { ...made, tables: made.tables.map((t) => ({ ...t, bytes, rows: 7 })) };
  return planMigration(read(text), { engine, catalog, version: engine.newestVersion });
}

const brief = (step: Step): string => {
  const place = step.stage ?? step.phase;
  const work = step.backfill;
  if (work?.statement === undefined)
    return `${place} ${step.sql.filter((sql) => !sql.startsWith("SET SESSION sql_mode")).join("; ")}${step.rowsOnly === true ? " (rows)" : ""}`;
  const { head, tail, alias, into } = work.statement;
  return `${place} over ${work.relation.name} as ${alias} into ${into.name} by ${work.key?.join() ?? "any"}: ${head} WHERE ${work.where} ${tail}`.trim();
};

const steps = (name: EngineName, text: string, bytes: number | null = null): string[] => {
  const { plan, refusals } = planOn(name, text, bytes);
  if (plan === null) throw new Error(refusals.map((r) => `${r.line}: ${r.reason} ${r.help}`).join("\n"));
  return plan.steps.map(brief);
};

const refusal = (name: EngineName, text: string, schema = SCHEMA): string =>
  planOn(name, text, null, schema)
    .refusals.map((r) => `${r.line}: ${r.reason} ${r.help}`)
    .join("\n");

const ALL = ["postgres", "mysql", "mariadb"] as const;
const q = (name: EngineName) => (name === "postgres" ? '"' : "`");

describe.each(ALL)("a change of rows on %s", (name) => {
  it("is walked in batches, and DELETE at the end of contract", () => {
    expect(steps(name, "UPDATE t SET a = a + 1 WHERE b > 1")).toEqual([
      "backfill over t as t into t by any: UPDATE t SET a = a + 1 WHERE b > 1",
    ]);
    expect(steps(name, "DELETE FROM t AS x WHERE x.b > 1")).toEqual([
      "drop over t as x into t by any: DELETE FROM t AS x WHERE x.b > 1",
    ]);
    expect(steps(name, "INSERT INTO u SELECT id, a FROM t AS s WHERE a > 1")).toEqual([
      "backfill over t as s into u by any: INSERT INTO u SELECT id, a FROM t AS s WHERE a > 1",
    ]);
  });

  it("of rows that are written out comes in with expand, and commits with the journal", () =>
    expect(steps(name, "INSERT INTO t (id, code) VALUES (1, 1), (2, 2)")).toEqual([
      "expand INSERT INTO t (id, code) VALUES (1, 1), (2, 2) (rows)",
    ]));

  it("takes the author's sizes, key and phase", () => {
    const { plan } = planOn(name, "-- zmigrate:batch rows=5 target=9ms key=code\nUPDATE t SET a = 1");
    expect(plan?.steps[0]?.backfill).toMatchObject({ rows: 5, targetMs: 9, key: ["code"] });
    const placed = (phase: string, sql: string) => planOn(name, `-- zmigrate:phase ${phase}\n${sql}`).plan?.steps[0];
    expect(placed("expand", "UPDATE t SET a = 1")).toMatchObject({ phase: "expand", stage: null });
    expect(placed("contract", "UPDATE t SET a = 1")).toMatchObject({ phase: "contract", stage: "swap" });
    expect(placed("backfill", "DELETE FROM t WHERE a = 1")).toMatchObject({ phase: "backfill", final: true });
    expect(placed("contract", "DELETE FROM t WHERE a = 1")).toMatchObject({ phase: "contract", stage: "drop" });
  });

  it("walks by a key that it does not write, or not at all", () => {
    expect(steps(name, "UPDATE t SET id = id + 1")[0]).toContain("by code:");
    expect(refusal(name, "UPDATE u SET id = id + 1")).toContain("it writes id, which is of the key");
    expect(refusal(name, "-- zmigrate:batch key=code\nUPDATE t SET code = 1")).toContain("it writes code");
    expect(refusal(name, "UPDATE keyless SET a = 1")).toContain("no key");
  });

  it("says that each batch has a moment of its own", () => {
    const notes = (sql: string) => planOn(name, sql).plan?.notes.join("\n") ?? "";
    const now = name === "postgres" ? "now" : "NOW";
    expect(notes("UPDATE t SET a = EXTRACT(YEAR FROM NOW())")).toContain(
      `\`${now}\` is the moment of each batch: write`,
    );
    expect(notes("DELETE FROM t WHERE a < EXTRACT(YEAR FROM CURRENT_TIMESTAMP(3))")).toContain(
      "`CURRENT_TIMESTAMP` is",
    );
    expect(notes("UPDATE t SET a = id WHERE CURRENT_USER = 'now'")).not.toContain("moment");
  });

  it("refuses what depends on other rows of its table, or has a LIMIT, with the size", () => {
    expect(refusal(name, "UPDATE t SET a = (SELECT max(a) FROM (SELECT a FROM t) x)")).toContain("which it writes");
    expect(refusal(name, "INSERT INTO u SELECT max(id), 1 FROM t")).toContain("more than one row");
    expect(refusal(name, "INSERT INTO keyless SELECT a FROM t")).toMatch(
      /twice.*keyless: about 7 rows; t: about 7 rows/s,
    );
    expect(refusal(name, "DELETE FROM t")).toContain("every row of t");
    expect(refusal(name, "DELETE FROM t WHERE a > 1")).toBe("");
  });

  it("runs at once on small tables what cannot be walked", () => {
    expect(steps(name, "UPDATE u SET id = id + 1", 16_384)).toEqual(["backfill UPDATE u SET id = id + 1 (rows)"]);
    expect(steps(name, "INSERT INTO u SELECT max(id), 1 FROM t", 16_384)).toEqual([
      "backfill INSERT INTO u SELECT max(id), 1 FROM t (rows)",
    ]);
    expect(refusal(name, "UPDATE u SET id = id + 1")).toContain("u: about 7 rows");
  });

  it("keeps the order of statements that depend on each other", () => {
    expect(
      steps(name, "UPDATE t SET a = 1; INSERT INTO t (id, code) VALUES (9, 9); INSERT INTO u VALUES (1, 1)"),
    ).toEqual([
      "expand INSERT INTO u VALUES (1, 1) (rows)",
      "backfill over t as t into t by any: UPDATE t SET a = 1 WHERE TRUE",
      "backfill INSERT INTO t (id, code) VALUES (9, 9) (rows)",
    ]);
    const moved = planOn(name, "DELETE FROM u WHERE a = 1; INSERT INTO u VALUES (1, 1)").plan;
    expect(moved?.steps.map((s) => s.stage)).toEqual(["drop", "drop"]);
    expect(moved?.notes.join()).toContain("behind the statement of this file");
    const asked = `-- zmigrate:phase contract\nUPDATE t SET a = 1;\n-- zmigrate:phase expand\nINSERT INTO t (id, code) VALUES (9, 9);`;
    expect(refusal(name, asked)).toContain("It stands in the expand phase");
    const built = planOn(name, "UPDATE t SET a = id; CREATE UNIQUE INDEX i ON t (a)").plan?.steps ?? [];
    expect(new Set(built.map((s) => s.phase))).toEqual(new Set(["backfill"]));
  });

  it("stands beside the rename of a column that it names", () => {
    const rename = (column: string) => `ALTER TABLE t RENAME COLUMN ${column} TO z`;
    // It runs in front of the swap, under the former name.
    expect(refusal(name, `UPDATE t SET a = 1 WHERE b > 1; ${rename("b")}`)).toBe("");
    // Until the swap both names are there; that a file has none of the former one is the finding of another rule.
    expect(refusal(name, `${rename("a")}; UPDATE t SET a = 1`)).toBe("");
    expect(refusal(name, `UPDATE t SET a = 1; ${rename("b")}`)).toBe("");
    expect(refusal(name, "UPDATE t SET a = 1; UPDATE t SET a = 2 WHERE b = 1; ALTER TABLE t ADD COLUMN c int")).toBe(
      "",
    );
  });

  it("lets what it names be dropped behind it, where it runs before the contract", () => {
    const drop = "ALTER TABLE t DROP COLUMN b";
    expect(refusal(name, `UPDATE t SET a = 1 WHERE b > 1; ${drop}`)).toBe("");
    expect(refusal(name, `INSERT INTO u SELECT id, b FROM t; ${drop}`)).toBe("");
    const late = refusal(name, `DELETE FROM t WHERE b = 1; ${drop}`);
    expect(late).toContain("already deletes from t");
    expect(late).not.toContain("leave the former out");
  });

  it("tells what goes with rows that are deleted, and what a rollback leaves", () => {
    expect(planOn(name, "DELETE FROM t WHERE a = 1").plan?.notes.join()).toMatch(
      /rows of (public\.)?child .*how many is not known/,
    );
    expect(planOn(name, "DELETE FROM t WHERE a = 1").plan?.leaves).toBeUndefined();
    expect(planOn(name, "UPDATE t SET a = 1").plan?.leaves).toEqual([
      expect.stringContaining("A rollback leaves the rows"),
    ]);
  });

  it("on a table of this file is made at once, unless a query has filled it", () => {
    const create = "CREATE TABLE n (id int PRIMARY KEY, a int)";
    expect(steps(name, `${create}; INSERT INTO n VALUES (1, 1); UPDATE n SET a = 2`)).toEqual([
      expect.stringContaining("expand CREATE TABLE"),
      "expand INSERT INTO n VALUES (1, 1) (rows)",
      "expand UPDATE n SET a = 2 (rows)",
    ]);
    expect(steps(name, `${create}; INSERT INTO n SELECT id, a FROM t; UPDATE n SET a = 2`).slice(1)).toEqual([
      "backfill over t as t into n by any: INSERT INTO n SELECT id, a FROM t WHERE TRUE",
      "backfill over n as n into n by any: UPDATE n SET a = 2 WHERE TRUE",
    ]);
  });

  it("quotes nothing twice: names are the author's", () => {
    const quoted = `${q(name)}t${q(name)}`;
    expect(steps(name, `UPDATE ${quoted} SET a = 1 WHERE ${quoted}.b = 1`)[0]).toContain(`UPDATE ${quoted} SET a = 1`);
  });
});

describe("what only one of them has", () => {
  const filled = (sql: string) =>
    `CREATE TABLE s (id int PRIMARY KEY, n int);\nINSERT INTO s SELECT u.id, t.a FROM u JOIN t ON t.id = u.a LIMIT 1;\n${sql};`;

  it.each(ALL)("one row more of a table that the file makes and fills is put in at once on %s", (name) => {
    const one = "INSERT INTO s (id, n) SELECT 1, 2 WHERE NOT EXISTS (SELECT 1 FROM s)";
    expect(steps(name, filled(one), 100).at(-1)).toBe(`backfill ${one} (rows)`);
  });

  it("a table that the file makes has no size, and is said to be made by it", () => {
    const { refusals } = planOn("postgres", filled("INSERT INTO s SELECT max(id) + 1, 0 FROM s"), 100);
    expect(refusals.map((r) => r.reason).join()).toContain("(s: made by this file, and filled from a query)");
  });

  it("FROM and USING are driven by the table that is written", () => {
    expect(steps("postgres", "UPDATE t SET a = u.a FROM u WHERE u.id = t.id")[0]).toContain("over t as t into t");
    expect(steps("mysql", "UPDATE t x JOIN u ON u.id = x.id SET x.a = u.a")[0]).toContain("over t as x into t");
    expect(refusal("postgres", "DELETE FROM t a USING t b WHERE a.a = b.a AND a.id > b.id")).toContain(
      "which it writes",
    );
  });

  it.each(["mysql", "mariadb"] as const)("a DELETE without WHERE finds the rows that it joins on %s", (name) => {
    expect(steps(name, "DELETE x FROM t x JOIN u ON u.id = x.a")).toEqual([
      "drop over t as x into t by any: DELETE x FROM t x JOIN u ON u.id = x.a WHERE TRUE",
    ]);
    expect(steps(name, "DELETE FROM t USING t JOIN u ON u.id = t.a")).toHaveLength(1);
    expect(refusal(name, "DELETE t FROM t JOIN t x ON x.a = t.a AND x.id < t.id")).not.toContain("without WHERE");
    expect(refusal(name, "DELETE t FROM t")).toContain("without WHERE takes every row of t");
  });

  it("a duplicate is left out without making warnings of all errors", () => {
    expect(steps("mysql", "INSERT IGNORE INTO u SELECT id, a FROM t")).toEqual([
      "backfill over t as t into u by any: INSERT INTO u SELECT id, a FROM t WHERE TRUE ON DUPLICATE KEY UPDATE `u`.`id` = `u`.`id`",
    ]);
    expect(steps("postgres", "INSERT INTO keyless SELECT a FROM t ON CONFLICT DO NOTHING")[0]).toMatch(
      /ON CONFLICT DO NOTHING$/,
    );
  });

  it.each([
    ["postgres", "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE", "MERGE decides"],
    ["postgres", "COPY t FROM '/x'", "COPY reads a file"],
    ["postgres", "WITH d AS (DELETE FROM t WHERE a = 1 RETURNING *) INSERT INTO u SELECT id, a FROM d", "WITH holds"],
    ["postgres", "INSERT INTO u SELECT id, my_sum(a) FROM t", "may be an aggregate"],
    ["mysql", "REPLACE INTO t (id, code) VALUES (1, 1)", "REPLACE deletes"],
    ["mysql", "LOAD DATA INFILE 'x' INTO TABLE t", "LOAD reads"],
    ["mysql", "UPDATE IGNORE t SET a = 1", "leaves out rows that fail"],
    ["mysql", "DELETE IGNORE FROM t WHERE a = 1", "leaves out rows that fail"],
    ["mysql", "UPDATE t SET a = (@n := 1)", "variable of its session"],
    ["mysql", "UPDATE t SET a = 1 LIMIT 5", "has a LIMIT"],
    ["mysql", "UPDATE t x, u SET x.a = 1, u.a = 1", "several tables"],
  ] as const)("%s refuses %s", (name, sql, reason) => expect(refusal(name, sql)).toContain(reason));
});

it("is refused on PostgreSQL where a constraint may be broken until the statement ends, and a batch ends before", () => {
  const table = (more: string) =>
    `CREATE TABLE t (id int PRIMARY KEY, pos int, a int, g int GENERATED ALWAYS AS (a) STORED, ${more});
     CREATE TABLE u (id int PRIMARY KEY, pos int);`;
  const unique = table("CONSTRAINT uq UNIQUE (pos) DEFERRABLE");
  const refused = (sql: string, schema = unique) => refusal("postgres", sql, schema);
  expect(refused("UPDATE t SET pos = pos + 1")).toMatch(
    /it writes pos, and uq .* \(DEFERRABLE\).* Drop uq in an earlier/,
  );
  expect(refused("UPDATE t SET a = 1")).toBe("");
  expect(refused("DELETE FROM t WHERE a = 1")).toBe("");
  expect(refused("INSERT INTO t SELECT id, pos FROM u")).toBe("");
  expect(refused("INSERT INTO t SELECT id, pos FROM u ON CONFLICT (id) DO UPDATE SET pos = excluded.pos")).toContain(
    "uq",
  );
  expect(refused("UPDATE t SET pos = 1", table("CONSTRAINT uq UNIQUE (pos) NOT DEFERRABLE"))).toBe("");
  expect(refused("UPDATE t SET a = a + 1", table("CONSTRAINT uq UNIQUE (g) DEFERRABLE"))).toContain("it writes g");
  const exclusion = table("CONSTRAINT ex EXCLUDE USING btree (pos WITH =) DEFERRABLE INITIALLY DEFERRED");
  expect(refused("UPDATE t SET pos = -pos", exclusion)).toContain("it writes pos, and ex");
  expect(steps("postgres", "UPDATE u SET pos = 1")).toHaveLength(1);
});
