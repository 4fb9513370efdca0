import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { type Embedded, startEmbedded } from "../../src/engines/postgres/trace/embedded.js";
import { judged } from "./judged.js";

let db: Embedded;
beforeAll(async () => {
  await postgresEngine.load();
  db = await startEmbedded();
}, 60_000);
afterAll(() => db.close());

const BASE = `CREATE TABLE ev (id int NOT NULL, at date NOT NULL, v varchar(9), CONSTRAINT pos CHECK (id > 0)) PARTITION BY RANGE (id);
CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (1) TO (100);
CREATE TABLE kept (id int NOT NULL, n numeric(9, 2), CHECK (id > 0) NO INHERIT);
CREATE TABLE checked (id int NOT NULL, CHECK (id > 0));`;
const attach = "ALTER TABLE ev ATTACH PARTITION e2 FOR VALUES FROM (100) TO (200);";
const made = (columns: string) => `CREATE TABLE e2 (${columns});`;

test.each([
  [made("id int NOT NULL, at date NOT NULL, CONSTRAINT pos CHECK (id > 0)"), attach],
  [made("id bigint NOT NULL, at date NOT NULL, v varchar(9), CONSTRAINT pos CHECK (id > 0)"), attach],
  [made("id int NOT NULL, at date NOT NULL, v varchar(8), CONSTRAINT pos CHECK (id > 0)"), attach],
  [made("id int NOT NULL, at date NOT NULL, v text, CONSTRAINT pos CHECK (id > 0)"), attach],
  [made("id int NOT NULL, at date, v varchar(9), CONSTRAINT pos CHECK (id > 0), CHECK (at IS NOT NULL)"), attach],
  [made("id int NOT NULL, at date NOT NULL, v varchar(9)"), attach],
  [made("id int NOT NULL, at date NOT NULL, v varchar(9), CHECK (id > 0)"), attach],
  [made("id int NOT NULL, n numeric(9, 3)"), "ALTER TABLE e2 INHERIT kept;"],
  [made("n numeric(9, 2)"), "ALTER TABLE e2 INHERIT kept;"],
  [made("id int NOT NULL, CHECK (id > 0)"), "ALTER TABLE e2 INHERIT checked;"],
])("%s %s is refused, and taken behind what the help says", async (create, sql) => {
  const found = (await judged([BASE, `${create}\n${sql}`])).filter(({ rule }) => rule === "contradicting-history");
  expect(found).toHaveLength(1);
  await db.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${BASE} ${create}`);
  await expect(db.exec(sql)).rejects.toMatchObject({ code: "42804" });
  const { message = "", help = "" } = found[0] ?? {};
  expect(message).toContain("42804");
  await db.exec(`${help.slice(help.indexOf("ALTER TABLE"))} ${sql}`);
});

test("a column that the parent does not have is refused", async () => {
  const create = made("id int NOT NULL, at date NOT NULL, v varchar(9), x int, CONSTRAINT pos CHECK (id > 0)");
  const [found] = await judged([BASE, `${create}\n${attach}`]);
  expect(found).toMatchObject({ rule: "contradicting-history" });
  await db.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${BASE} ${create}`);
  await expect(db.exec(attach)).rejects.toMatchObject({ code: "42804" });
});

test.each([
  [made("v character varying (9), at date NOT NULL, id integer PRIMARY KEY, CONSTRAINT pos CHECK (id > 0)"), attach],
  [made("LIKE ev INCLUDING ALL"), attach],
  [`${made("LIKE ev INCLUDING CONSTRAINTS")} ALTER TABLE e2 ALTER COLUMN v SET DEFAULT 'x';`, attach],
  [made("id int4 NOT NULL, n decimal(9,2), x int"), "ALTER TABLE e2 INHERIT kept;"],
  [made("id int NOT NULL, CONSTRAINT checked_id_check CHECK (id > 0)"), "ALTER TABLE e2 INHERIT checked;"],
  [
    `${made("id int NOT NULL")} ALTER TABLE e2 INHERIT kept`.replace("NULL)", "NULL, n numeric(9, 2))"),
    "ALTER TABLE e2 NO INHERIT kept;",
  ],
])("%s %s is taken", async (create, sql) => {
  const found = await judged([BASE, `${create};\n${sql}`]);
  expect(found.filter(({ rule }) => rule === "contradicting-history")).toEqual([]);
  await db.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${BASE} ${create}; ${sql}`);
});

const BOUNDS = `CREATE TABLE r (k int, d date) PARTITION BY RANGE (k);
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (1) TO (10);
CREATE TABLE l (k text) PARTITION BY LIST (k);
CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('a', 'b');
CREATE TABLE m (at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE h (k int) PARTITION BY HASH (k);
CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE two (a int, b int) PARTITION BY RANGE (a, b);
CREATE TABLE two1 PARTITION OF two FOR VALUES FROM (1, 1) TO (1, 9);
CREATE TABLE apart (k int, d date);`;
const part = (of: string, bound: string) => `CREATE TABLE made PARTITION OF ${of} ${bound};`;

test.each([
  part("r", "FOR VALUES FROM (9) TO (20)"),
  part("r", "FOR VALUES FROM (MINVALUE) TO (2)"),
  part("r", "FOR VALUES FROM (20) TO (20)"),
  "ALTER TABLE r ATTACH PARTITION apart FOR VALUES FROM (5) TO (6);",
  "ALTER TABLE r ATTACH PARTITION apart FOR VALUES FROM (10) TO (20); CREATE TABLE made PARTITION OF r FOR VALUES FROM (19) TO (MAXVALUE);",
  `CREATE TABLE rest PARTITION OF r DEFAULT; ${part("r", "DEFAULT")}`,
  part("l", "FOR VALUES IN ('c', 'b')"),
  part("m", "FOR VALUES FROM ('2024-01-31') TO ('2024-03-01')"),
  part("h", "FOR VALUES WITH (MODULUS 8, REMAINDER 5)"),
])("%s takes rows of another partition's", async (sql) => {
  const found = (await judged([BOUNDS, sql])).filter(({ rule }) => rule === "contradicting-history");
  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining("42P17")]);
  await db.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${BOUNDS}`);
  await expect(db.exec(sql)).rejects.toMatchObject({ code: "42P17" });
});

test.each([
  part("r", "FOR VALUES FROM (10) TO (20)"),
  part("r", "FOR VALUES FROM (-5) TO (1)"),
  part("r", "DEFAULT"),
  `DROP TABLE r1; ${part("r", "FOR VALUES FROM (5) TO (6)")}`,
  `ALTER TABLE r DETACH PARTITION r1; ${part("r", "FOR VALUES FROM (5) TO (6)")}`,
  `DO $$ BEGIN IF now() > '2020-01-01' THEN DROP TABLE r1; END IF; END $$; ${part("r", "FOR VALUES FROM (5) TO (6)")}`,
  `ALTER TABLE r1 RENAME TO old; DROP TABLE old; ${part("r", "FOR VALUES FROM (5) TO (6)")}`,
  `CREATE SCHEMA s; ALTER TABLE r1 SET SCHEMA s; DROP SCHEMA s CASCADE; ${part("r", "FOR VALUES FROM (5) TO (6)")}`,
  `DO $$ BEGIN EXECUTE 'DROP TABLE r1'; END $$; ${part("r", "FOR VALUES FROM (5) TO (6)")}`,
  "CREATE TABLE IF NOT EXISTS r1 PARTITION OF r FOR VALUES FROM (1) TO (10);",
  part("l", "FOR VALUES IN ('A', 'c')"),
  part("m", "FOR VALUES FROM ('2024-02-01') TO ('2024-03-01')"),
  part("h", "FOR VALUES WITH (MODULUS 4, REMAINDER 2)"),
  part("two", "FOR VALUES FROM (1, 9) TO (2, 1)"),
])("%s takes rows of its own", async (sql) => {
  const found = await judged([BOUNDS, sql]);
  expect(found.filter(({ rule }) => rule === "contradicting-history")).toEqual([]);
  await db.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${BOUNDS} ${sql}`);
});
