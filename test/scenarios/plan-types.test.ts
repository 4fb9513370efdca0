import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import type { Query, Work } from "./support/clients.js";
import { back, forward, type PhasedChange } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const ROWS = 200;

/** Old and new code use the same name: they differ in the rows that they write, and in the values. */
async function write(run: Query, table: string, id: number, turn: number, value: (n: number) => string) {
  await run(`INSERT INTO ${table} (id, c, n) VALUES (${id}, ${value(turn)}, 1)`);
  await run(`UPDATE ${table} SET n = n + 1 WHERE id = ${id}`);
  await run(`UPDATE ${table} SET c = ${value(turn + 9_000)} WHERE id = ${id}`);
  await run(`INSERT INTO ${table} (id, n) VALUES (${id + 50_000}, 2)`);
  await run(`UPDATE ${table} SET n = n WHERE id = 1 + ${turn} % ${ROWS}`);
  await run(`DELETE FROM ${table} WHERE id IN (${id - 20}, ${id + 49_980})`);
}

/** A key that the server counts. */
async function count(run: Query, table: string, first: number, turn: number) {
  const [row] = await run(`INSERT INTO ${table} (c, n) VALUES (1, 1) RETURNING id`);
  await run(`UPDATE ${table} SET n = n + 1 WHERE id = ?`, [row?.id]);
  await run(`UPDATE ${table} SET n = n WHERE id = 1 + ${turn} % ${ROWS}`);
  await run(`INSERT INTO ${table} (id, c) VALUES (${upserted(first, turn)}, 5) ON CONFLICT (id) DO UPDATE SET n = 8`);
}

/** A row of the client's own, which is there behind `count`. */
const upserted = (first: number, turn: number): number => -first - (turn % 40) - 1;

const client =
  (first: number, decimal: string): Work =>
  async (run, turn) => {
    await write(run, "wide", first + turn, turn, (n) => `${1 + n}`);
    await write(run, "lossy", first + turn, turn, (n) => `'${n}${decimal}'`);
    await write(run, "feeling", first + turn, turn, (n) => (n % 2 === 0 ? "'sad'" : "'ok'"));
    await count(run, "serial", first, turn);
    await run(`INSERT INTO child VALUES (${first + turn}, 1 + ${turn} % ${ROWS})`);
    await run(`DELETE FROM child WHERE id = ${first + turn}`);
    await run(`UPDATE serial SET parent = id WHERE id = ${upserted(first, turn)}`);
    await run(`UPDATE serial SET parent = NULL WHERE id = ${upserted(first, turn)}`);
    await count(run, '"Identity"', first, turn);
  };

const TABLES = ["wide", "lossy", "feeling", "serial", "child", '"Identity"'];

const MIGRATION = `-- zmigrate:batch rows=50
ALTER TABLE wide ALTER COLUMN c TYPE bigint;
ALTER TABLE lossy ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c TYPE numeric(10, 2) USING trim(lossy.c)::numeric, ALTER COLUMN c SET DEFAULT 1.5;
ALTER TABLE feeling ALTER COLUMN c DROP DEFAULT;
ALTER TABLE feeling ALTER COLUMN c TYPE mood_new USING c::text::mood_new;
ALTER TABLE feeling ALTER COLUMN c SET DEFAULT 'ok';
ALTER TABLE serial ALTER id TYPE bigint USING id::bigint;
ALTER TABLE "Identity" ALTER id TYPE int8;
`;

/** All that a column may carry, a conversion that not every value survives, an enum with a value less, and keys. */
const CHANGE: PhasedChange = {
  setup: [
    "CREATE TABLE p (id int PRIMARY KEY)",
    `CREATE TABLE wide (id int PRIMARY KEY, n int DEFAULT 0,
      c int NOT NULL DEFAULT 7 CONSTRAINT positive CHECK (c > 0) REFERENCES p, CONSTRAINT together UNIQUE (id, c))`,
    "CREATE INDEX by_c ON wide ((c + 1), n) WHERE c > 3",
    "COMMENT ON COLUMN wide.c IS 'it''s counted'; COMMENT ON INDEX by_c IS 'sorted'; COMMENT ON CONSTRAINT positive ON wide IS 'more than none'",
    "ALTER TABLE wide ALTER c SET STATISTICS 77; ALTER INDEX by_c ALTER COLUMN 1 SET STATISTICS 33",
    `INSERT INTO p SELECT generate_series(1, 20000); INSERT INTO wide SELECT n, n, n FROM generate_series(1, ${ROWS}) n`,
    "CREATE TABLE lossy (id int PRIMARY KEY, n int DEFAULT 0, c varchar(20) NOT NULL DEFAULT '1.5' CHECK (length(c) > 0))",
    "CREATE UNIQUE INDEX ON lossy (c, id)",
    `INSERT INTO lossy SELECT n, n, ' ' || n || '.2' FROM generate_series(1, ${ROWS}) n`,
    "CREATE TYPE mood AS ENUM ('sad', 'ok', 'gone'); CREATE TYPE mood_new AS ENUM ('ok', 'sad', 'great')",
    "CREATE TABLE feeling (id int PRIMARY KEY, n int DEFAULT 0, c mood NOT NULL DEFAULT 'ok'); CREATE INDEX ON feeling (c)",
    `INSERT INTO feeling SELECT n, n, CASE WHEN n % 2 = 0 THEN 'sad' ELSE 'ok' END::mood FROM generate_series(1, ${ROWS}) n`,
    "CREATE TABLE serial (id serial PRIMARY KEY, c int, n int); COMMENT ON CONSTRAINT serial_pkey ON serial IS 'the key'; CLUSTER serial USING serial_pkey",
    // Another table and the table itself point at the key.
    `CREATE TABLE child (id int PRIMARY KEY, up int CONSTRAINT up REFERENCES serial ON DELETE SET NULL); COMMENT ON CONSTRAINT up ON child IS 'whose'`,
    "ALTER TABLE serial ADD parent int REFERENCES serial ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED",
    `CREATE TABLE "Identity" (id int GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1 CACHE 5) PRIMARY KEY, c int, n int)`,
    `ALTER TABLE "Identity" ALTER id SET GENERATED BY DEFAULT`,
    ...["serial", '"Identity"'].map((t) => `INSERT INTO ${t} (c, n) SELECT n, n FROM generate_series(1, ${ROWS}) n`),
    `INSERT INTO child SELECT n, n FROM generate_series(1, ${ROWS}) n`,
  ],
  migration: MIGRATION,
  // An index that is rebuilt loses its statistics target there.
  plain: [MIGRATION, "ALTER INDEX by_c ALTER COLUMN 1 SET STATISTICS 33"],
  tables: TABLES,
  untouched: `id BETWEEN 1 AND ${ROWS}`,
  old: client(100_000, ".75"),
  fresh: client(200_000, ".5"),
  wrong: "SELECT count(*) FROM lossy WHERE id > 50000 AND c NOT LIKE '%.75' AND c NOT LIKE '%.5'",
};

describeServer("postgres", (server) => {
  const s = suite();

  it("changes types under old and new code, with all that a column carries", () => forward(server, s, CHANGE));
  it("takes changes of types back, before the contract and after the swap", () => back(server, s, CHANGE));

  it("has no way back for keys that the former type does not hold, and says which rows they are", async () => {
    const db = await server.createDatabase("beyond");
    s.after(() => db.drop());
    await query(
      db.url,
      "CREATE TABLE t (id serial PRIMARY KEY, c text); INSERT INTO t (c) SELECT n FROM generate_series(1, 20) n",
    );
    await query(
      db.url,
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT max(id) FROM t'; CREATE VIEW v AS SELECT c FROM t",
    );
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init"));
    const sql = "ALTER TABLE t ALTER id TYPE bigint;\nALTER TABLE t ALTER c TYPE int USING c::int;\n";
    p.write("migrations/20260101000000_beyond.sql", sql);
    await works(p.run("apply", "--release", "r1"));
    // What old code writes and the new type does not take is no failure of the statement, and keeps the contract away.
    await query(db.url, "INSERT INTO t (c) VALUES ('none')");
    await query(db.url, "DELETE FROM t WHERE c = 'none'; DROP VIEW v");
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r2"));
    await query(db.url, "SELECT setval('t_id_seq', 2147483647); INSERT INTO t (c) VALUES (1), (2)");
    expect(await query(db.url, "SELECT id FROM t WHERE id > 100 ORDER BY 1")).toEqual([
      { id: "2147483648" },
      { id: "2147483649" },
    ]);
    const { code, stderr } = await p.run("rollback", "20260101000000");
    expect(code).toBe(3);
    expect(stderr).toContain('would lose what was written to "id" of "public"."t" since');
    expect(stderr).toContain("in 2 rows. Keys of some: 2147483648 | 2147483649.");
    await query(db.url, "DELETE FROM t WHERE id > 100");
    await works(p.run("rollback", "20260101000000"));
    expect(await query(db.url, "SELECT pg_typeof(id)::text AS id, pg_typeof(c)::text AS c FROM t LIMIT 1")).toEqual([
      { id: "integer", c: "text" },
    ]);
  });
});
