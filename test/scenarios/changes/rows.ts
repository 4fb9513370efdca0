import type { EngineName } from "../../../src/engines/engine.js";
import type { PhasedChange } from "../support/phased.js";

export const ROWS = 300;

const numbers = (server: EngineName) =>
  server === "postgres"
    ? `(SELECT generate_series(1, ${ROWS}) AS n) s`
    : `(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${ROWS}) SELECT n FROM s) s`;

/** A table with rows, one that they are looked up in, one that points at them, one that is empty. */
export const setup = (server: EngineName): string[] => [
  "CREATE TABLE country (id int PRIMARY KEY, name varchar(20))",
  "INSERT INTO country VALUES (1, 'one'), (2, 'two')",
  "CREATE TABLE t (id int PRIMARY KEY, c int, n int NOT NULL DEFAULT 0, name varchar(20), w int, top int NOT NULL DEFAULT 0)",
  `INSERT INTO t (id, c, top) SELECT n, n % 3, n % 2 FROM ${numbers(server)}`,
  "CREATE TABLE child (id int PRIMARY KEY, t int, CONSTRAINT fk FOREIGN KEY (t) REFERENCES t (id) ON DELETE CASCADE)",
  "INSERT INTO child SELECT id, id FROM t WHERE id % 10 = 0",
  "CREATE TABLE log (v int)",
  "CREATE TABLE copy (id int PRIMARY KEY, n int)",
];

/** One of each: rows that come in, are changed, copied and deleted, all of which are still old code's to write. */
const migrationOf = (server: EngineName) => `
-- zmigrate:batch rows=40
UPDATE t SET n = n + 1, name = (SELECT x.name FROM country x WHERE x.id = t.c) WHERE c > 0;
-- zmigrate:batch rows=40
${server === "postgres" ? "UPDATE t AS y SET n = y.n + 10 FROM country k WHERE k.id = y.c AND k.name = 'two'" : "UPDATE t y JOIN country k ON k.id = y.c SET y.n = y.n + 10 WHERE k.name = 'two'"};
-- zmigrate:batch rows=40
INSERT INTO copy (id, n) SELECT s.id, s.n FROM t AS s WHERE s.id <= ${ROWS}${server === "postgres" ? " ON CONFLICT DO NOTHING" : ""};
INSERT INTO country VALUES (3, 'three')${server === "postgres" ? " ON CONFLICT DO NOTHING" : " ON DUPLICATE KEY UPDATE name = 'three'"};
ALTER TABLE t ADD COLUMN level varchar(9) NOT NULL DEFAULT 'low';
-- zmigrate:batch rows=40
UPDATE t SET level = 'high' WHERE top = 1;
ALTER TABLE t DROP COLUMN top;
-- zmigrate:batch rows=40
DELETE FROM t WHERE id % 7 = 0;
-- zmigrate:batch rows=40
${server === "postgres" ? "DELETE FROM copy USING country k WHERE k.id = copy.n" : "DELETE y FROM copy y JOIN country k ON k.id = y.n"};
`;

export const change = (server: EngineName): PhasedChange => ({
  setup: setup(server),
  migration: migrationOf(server),
  tables: ["t", "child", "copy", "country"],
  untouched: "id <= 300",
  old: async (run, turn) => {
    await run("INSERT INTO t (id, c) VALUES (?, 0)", [1_000 + turn]);
    await run("UPDATE t SET w = ? WHERE id = ?", [7, 298]);
  },
  fresh: async (run, turn) => {
    await run("UPDATE t SET w = ? WHERE id = ?", [7, 298]);
    await run("INSERT INTO t (id, c) VALUES (?, 0)", [500_000 + turn]);
  },
  wrong: `SELECT count(*) FROM t WHERE id <= ${ROWS} AND n <> CASE c WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE 11 END`,
});
