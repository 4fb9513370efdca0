import { expect, test } from "vitest";
import { findTable } from "../../src/engines/engine.js";
import { createMysqlEngine } from "../../src/engines/mysql/index.js";
import { introspect } from "../../src/engines/mysql/introspect/index.js";
import { applyOperation } from "../../src/history/replay.js";
import { initialCatalog } from "../../src/lint/file.js";
import type { Catalog, Column } from "../../src/model/catalog.js";
import { describeDialects } from "../engines/mysql/support/database.js";
import { rules } from "../rules/judged.js";

const BASE = [
  `CREATE TABLE u (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, code varchar(9) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'x' UNIQUE COMMENT 'the code',
     n int, m int NOT NULL, d decimal(9,2) DEFAULT 1.50, at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, g int GENERATED ALWAYS AS (n + 1) VIRTUAL,
     s int GENERATED ALWAYS AS (n + 1) STORED, e enum('a','b') NOT NULL, j json, i int NOT NULL DEFAULT 3 INVISIBLE, x varchar(40) DEFAULT (uuid()), t text NOT NULL, CHECK (n > 3)) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  "CREATE TABLE w (id bigint PRIMARY KEY, u_id bigint NOT NULL, extra int NOT NULL DEFAULT 4)",
];

/** What is told of tables that are made of queries. */
const TOLD = [
  "CREATE TABLE c1 AS SELECT * FROM u",
  "CREATE TABLE c2 SELECT u.id, code AS C2, w.extra FROM u LEFT JOIN w ON w.u_id = u.id WHERE u.id > 3",
  "CREATE TABLE c3 (k int PRIMARY KEY AUTO_INCREMENT, z int NOT NULL DEFAULT 1, M tinyint DEFAULT 9, KEY (n)) IGNORE SELECT id, n, m FROM u",
  "CREATE TABLE c4 (UNIQUE KEY by_id (id)) AS SELECT DISTINCT id, m, x FROM u ORDER BY id LIMIT 3",
  "CREATE TABLE c5 AS (SELECT s.*, w.id AS w_id FROM u AS s JOIN w ON w.u_id = s.id)",
  "CREATE TABLE c6 AS SELECT id, i, t FROM u GROUP BY id",
  "CREATE TABLE c7 CHARACTER SET latin1 AS SELECT code, x FROM u",
  "CREATE TABLE c8 SELECT `u`.`code` `the code`, w.* FROM u, w",
  "CREATE TABLE c9 SELECT id, code FROM c1",
];

/** And of these nothing but that they are there. */
const NOT_TOLD = [
  "CREATE TABLE n1 AS SELECT id, n + 1 AS p FROM u",
  "CREATE TABLE n2 AS SELECT id FROM u UNION SELECT id FROM w",
  "CREATE TABLE n3 AS SELECT * FROM (SELECT id FROM u) q",
  "CREATE TABLE n4 AS SELECT w.id FROM u RIGHT JOIN w ON w.u_id = u.id",
  "CREATE TABLE n5 AS SELECT * FROM u JOIN w USING (id)",
  "CREATE TABLE n6 AS WITH u AS (SELECT 1 AS id) SELECT id FROM u",
];

const shapeOf = ({
  name,
  type,
  notNull,
  default: given,
  characterSet,
  collation,
  comment,
  onUpdate,
  ...c
}: Column) => ({
  name,
  type: type
    .toLowerCase()
    .replace(/\((?:20|11|4)\)/, "")
    .replace(/ (unsigned)/, " $1"),
  notNull,
  default: (given ?? "")
    .replace(/^'(.*)'$/, "$1")
    .replace(/\(\)$/, "")
    .toLowerCase(),
  letters: collation ?? characterSet,
  comment: comment ?? null,
  onUpdate: (onUpdate ?? "").replace(/\(\)$/, "").toLowerCase(),
  generated: c.generated,
  autoIncrement: c.autoIncrement,
  hidden: c.settings.includes("INVISIBLE"),
});

describeDialects("taken", (bench) => {
  test("tables made of queries have the columns that the server gives them", async () => {
    const engine = createMysqlEngine(bench.dialect);
    await engine.load();
    const all = [...BASE, ...TOLD, ...NOT_TOLD];
    await bench.sql(...all);
    const there = await introspect(bench.session(), bench.dialect);
    const operations = all.flatMap((sql) => engine.parse(`${sql};`).statements).flatMap((s) => s.operations);
    const known = operations.reduce(applyOperation, initialCatalog(engine));
    const named = (catalog: Catalog, sql: string) =>
      findTable(catalog, { schema: null, name: /TABLE (\w+)/.exec(sql)?.[1] ?? "" });
    for (const sql of TOLD) {
      const [mine, own] = [named(known, sql), named(there, sql)];
      expect(mine?.columns.map(shapeOf), sql).toEqual(own?.columns.map(shapeOf));
      const keys = (table: typeof own) =>
        table?.indexes.map(({ columns, unique }) => `${unique} ${columns}`).toSorted();
      expect(keys(mine), sql).toEqual(keys(own));
    }
    for (const sql of NOT_TOLD) expect(named(known, sql), sql).toBeNull();
  });
});

test.each(["mysql", "mariadb"] as const)("%s: what such a table has not is told", async (engine) => {
  const files = [`${BASE.join(";\n")};`, `${TOLD[0]};`];
  expect(await rules([...files, "ALTER TABLE c1 RENAME COLUMN nothing TO other;"], engine)).toContain(
    "contradicting-history",
  );
  expect(await rules([...files, "ALTER TABLE c1 ADD PRIMARY KEY (id);"], engine)).not.toContain("contradicting");
});
