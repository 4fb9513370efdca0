import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { type Embedded, startEmbedded } from "../../src/engines/postgres/trace/embedded.js";
import { lintMigrations } from "../../src/lint/index.js";
import { judged, rules } from "./judged.js";

let db: Embedded;
beforeAll(async () => {
  await postgresEngine.load();
  db = await startEmbedded();
}, 60_000);
afterAll(() => db.close());

async function helpOf(sql: string, rule: string, before = ""): Promise<string> {
  const options = { engine: postgresEngine, version: postgresEngine.oldestVersion, severities: {} };
  const inputs = [
    { file: "1.sql", text: before, report: false },
    { file: "2.sql", text: sql, report: true },
  ];
  const finding = lintMigrations(inputs, options).findings.find((f) => f.rule === rule);
  return finding?.help ?? "";
}

const T = 'CREATE TABLE t ("A" int, b int, c int, e text, deleted_at timestamptz);';
const EV =
  "CREATE TABLE ev (id int) PARTITION BY RANGE (id); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (1) TO (9);";

test.each([
  [
    "adding-unique-index",
    T,
    "CREATE UNIQUE INDEX CONCURRENTLY i ON t (lower(e) text_pattern_ops);",
    "GROUP BY lower(e)",
  ],
  ["adding-unique-index", T, "CREATE UNIQUE INDEX CONCURRENTLY i ON t (b DESC NULLS LAST, c);", 'GROUP BY "b", "c"'],
  [
    "adding-unique-index",
    T,
    "CREATE UNIQUE INDEX CONCURRENTLY i ON t (e) WHERE deleted_at IS NULL;",
    'FROM "t" WHERE deleted_at IS NULL GROUP BY',
  ],
  [
    "disallowed-unique-constraint",
    T,
    'ALTER TABLE t ADD CONSTRAINT "U" UNIQUE NULLS NOT DISTINCT ("A", b) INCLUDE (c) DEFERRABLE INITIALLY DEFERRED;',
    'CREATE UNIQUE INDEX CONCURRENTLY "U" ON "t" ("A", "b") INCLUDE (c) NULLS NOT DISTINCT; ' +
      'ALTER TABLE "t" ADD CONSTRAINT "U" UNIQUE USING INDEX "U" DEFERRABLE INITIALLY DEFERRED;',
  ],
  ["disallowed-unique-constraint", T, "ALTER TABLE t ADD COLUMN n int, ADD UNIQUE (b);", '"t_b_key"'],
  [
    "disallowed-unique-constraint",
    "CREATE TABLE t (id bigint PRIMARY KEY, n bigint NOT NULL);",
    "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id, n);",
    'CREATE UNIQUE INDEX CONCURRENTLY "t_pkey_new" ON "t" ("id", "n"); ' +
      'ALTER TABLE "t" DROP CONSTRAINT "t_pkey", ADD CONSTRAINT "t_pkey" PRIMARY KEY USING INDEX "t_pkey_new";',
  ],
  [
    "renaming-table",
    `CREATE SCHEMA IF NOT EXISTS app; ${T}`,
    "ALTER TABLE t SET SCHEMA app;",
    'ALTER TABLE "t" SET SCHEMA "app"; CREATE VIEW "t" AS SELECT * FROM "app"."t";',
  ],
  [
    "renaming-table",
    `${T} GRANT SELECT ON t TO PUBLIC;`,
    "ALTER TABLE public.t RENAME TO u;",
    'ALTER TABLE "public"."t" RENAME TO "u"; CREATE VIEW "public"."t" AS SELECT * FROM "public"."u"; GRANT SELECT ON',
  ],
  [
    "require-concurrent-index-creation",
    EV,
    "CREATE INDEX ev_i ON ev (id);",
    'CREATE INDEX "ev_i" ON ONLY "ev" (id); CREATE INDEX CONCURRENTLY "ev1_ev_i" ON "ev1" (id);',
  ],
  [
    "disallowed-unique-constraint",
    EV,
    "ALTER TABLE ev ADD CONSTRAINT eu UNIQUE (id) DEFERRABLE;",
    'ALTER TABLE ONLY "ev" ADD CONSTRAINT "eu" UNIQUE ("id") DEFERRABLE; CREATE UNIQUE INDEX CONCURRENTLY "ev1_eu" ON "ev1" ("id"); ' +
      'ALTER TABLE "ev1" ADD CONSTRAINT "ev1_eu" UNIQUE USING INDEX "ev1_eu" DEFERRABLE; ALTER INDEX "eu" ATTACH PARTITION "ev1_eu";',
  ],
  [
    "disallowed-unique-constraint",
    EV.replace("(id int)", "(id int NOT NULL)"),
    "ALTER TABLE ev ADD PRIMARY KEY (id);",
    'ALTER TABLE ONLY "ev" ADD CONSTRAINT "ev_pkey" PRIMARY KEY ("id"); ',
  ],
  [
    "foreign-key-without-index",
    `CREATE TABLE o (id int PRIMARY KEY); ${EV}`,
    "ALTER TABLE ev ADD CONSTRAINT ef FOREIGN KEY (id) REFERENCES o (id);",
    'CREATE INDEX "ev_id_idx" ON ONLY "ev" ("id"); CREATE INDEX CONCURRENTLY "ev1_ev_id_idx" ON "ev1" ("id");',
  ],
  [
    "constraint-missing-not-valid",
    `CREATE TABLE o (id int PRIMARY KEY); ${EV}`,
    "ALTER TABLE ev ADD CONSTRAINT ef FOREIGN KEY (id) REFERENCES o (id);",
    'ALTER TABLE "ev1" VALIDATE CONSTRAINT "ef"; ALTER TABLE "ev" ADD CONSTRAINT "ef" FOREIGN KEY (id) REFERENCES o (id);',
  ],
  [
    "working-under-lock",
    `${T} CREATE MATERIALIZED VIEW m AS SELECT b FROM t;`,
    "BEGIN; DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT b, c FROM t; COMMIT;",
    'CREATE MATERIALIZED VIEW "m_new" ("b", "c") AS SELECT b, c FROM t; BEGIN; DROP MATERIALIZED VIEW "m"; ALTER MATERIALIZED VIEW "m_new" RENAME TO "m"; COMMIT;',
  ],
  [
    "working-under-lock",
    `${T} CREATE MATERIALIZED VIEW m AS SELECT b FROM t;`,
    "BEGIN; DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m (x) AS SELECT c FROM t; COMMIT;",
    'CREATE MATERIALIZED VIEW "m_new" ("x") AS SELECT c FROM t; BEGIN;',
  ],
  ["constraint-missing-not-valid", T, "ALTER TABLE t ADD CONSTRAINT ck CHECK (b > 0);", 'VALIDATE CONSTRAINT "ck"'],
  ["constraint-missing-not-valid", T, "ALTER TABLE t ADD CHECK (b > 0);", 'VALIDATE CONSTRAINT "t_b_check"'],
  ["constraint-missing-not-valid", T, "ALTER TABLE t ADD COLUMN n int CHECK (n > 0);", '"t_n_check"'],
  ["blocking-table-access", T, "REINDEX TABLE t;", 'REINDEX TABLE CONCURRENTLY "t";'],
])("%s: the help can be pasted (%#)", async (rule, before, sql, expected) => {
  const help = await helpOf(sql, rule, before);
  expect(help).toContain(expected);
  await db.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${before}`);
  if (/^ALTER.*ADD COLUMN n/.test(sql)) await db.exec("ALTER TABLE t ADD COLUMN n int");
  const pasted = help.slice(help.search(/: (?=[A-Z]{5,} )/) + 2).split(/(?<=;) /);
  for (const statement of pasted.filter((one) => one.endsWith(";"))) await db.exec(statement);
});

// PostgreSQL 18: the parent's index has no rows, and is valid as soon as each partition has its part.
test("a key that is made partition by partition is clean", async () => {
  const files = [
    EV,
    "ALTER TABLE ONLY ev ADD CONSTRAINT eu UNIQUE (id);",
    "ALTER TABLE ev1 ADD CONSTRAINT ev1_eu UNIQUE USING INDEX ev1_eu; ALTER INDEX eu ATTACH PARTITION ev1_eu;",
  ];
  expect(await rules(files.slice(0, 2))).toBe("");
  expect(await rules(files)).toBe("");
});

// PostgreSQL 15 and 18: the parent takes the partitions' keys over, and reads no row.
test("a foreign key that is made partition by partition is clean before PostgreSQL 18", async () => {
  const base = `CREATE TABLE o (id int PRIMARY KEY); ${EV} CREATE INDEX ON ev (id);`;
  const key = "ADD CONSTRAINT ef FOREIGN KEY (id) REFERENCES o (id)";
  const part = `ALTER TABLE ev1 ${key} NOT VALID;`;
  const validated = "ALTER TABLE ev1 VALIDATE CONSTRAINT ef;";
  expect(await rules([base, part])).toBe("");
  expect(await rules([base, part, validated, `ALTER TABLE ev ${key};`])).toBe("");
  expect(await rules([base, part, `ALTER TABLE ev ${key};`])).toBe("constraint-missing-not-valid");
  expect(await rules([base, part, validated, `ALTER TABLE ev ${key} ON DELETE CASCADE;`])).toBe(
    "constraint-missing-not-valid",
  );
});

test("what PostgreSQL refuses in a transaction is to leave it", async () => {
  const rule = "require-concurrent-index-creation";
  expect(await helpOf("BEGIN; CREATE INDEX i ON t (a); COMMIT;", rule)).toMatch(/^Move it out of the transaction/);
  expect(await helpOf("CREATE INDEX i ON t (a);", rule)).not.toContain("transaction");
});

describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  // By table_id and ALGORITHM=INSTANT: the one statement writes the table anew, the two do not.
  test("a column and an index are two statements", async () => {
    const base = "CREATE TABLE t (id int PRIMARY KEY, a int);";
    const [found] = await judged([base, "ALTER TABLE t ADD COLUMN z int, ADD KEY kz (z);"], engine);
    expect(found?.rule).toBe("table-rebuild");
    expect(found?.help).toContain("Write two statements");
    expect(
      await rules([base, "ALTER TABLE t ADD COLUMN z int, ALGORITHM=INSTANT; ALTER TABLE t ADD KEY kz (z);"], engine),
    ).toBe("");
  });
});

test("PostgreSQL: PRIMARY KEY USING INDEX reads rows, and builds nothing", async () => {
  const base = "CREATE TABLE t (id int, a int); CREATE UNIQUE INDEX ti ON t (id);";
  const [found] = await judged([base, "ALTER TABLE t ADD CONSTRAINT tp PRIMARY KEY USING INDEX ti;"]);
  expect(found?.message).toMatch(/^All rows of "t" are read for NULLs while reads and writes/);
});
