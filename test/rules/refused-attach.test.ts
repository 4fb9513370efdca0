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
