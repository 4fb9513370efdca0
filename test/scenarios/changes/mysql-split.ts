import { expect } from "vitest";
import type { PhasedChange } from "../support/phased.js";

const ROWS = 200;

/** A name in one column becomes two. Every third row has a name that the pair does not give back as it was. */
export const SPLIT: PhasedChange = {
  setup: [
    "CREATE TABLE people (id int PRIMARY KEY, name varchar(60) NOT NULL, n int)",
    `INSERT INTO people SELECT n, IF(n % 3 = 0, CONCAT('One', n), CONCAT('F', n, ' L', n)), n FROM (WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${ROWS}) SELECT n FROM s) x`,
  ],
  migration: `-- zmigrate:batch rows=50
-- zmigrate:up SUBSTRING_INDEX(name, ' ', 1)
ALTER TABLE people ADD COLUMN first varchar(30);
-- zmigrate:up IF(LOCATE(' ', name) > 0, SUBSTRING(name, LOCATE(' ', name) + 1), NULL)
ALTER TABLE people ADD COLUMN last varchar(30);
-- zmigrate:down CONCAT_WS(' ', first, last)
ALTER TABLE people DROP COLUMN name;
`,
  plain: [
    "ALTER TABLE people ADD COLUMN first varchar(30), ADD COLUMN last varchar(30)",
    "UPDATE people SET first = SUBSTRING_INDEX(name, ' ', 1), last = IF(LOCATE(' ', name) > 0, SUBSTRING(name, LOCATE(' ', name) + 1), NULL)",
    "ALTER TABLE people DROP COLUMN name",
  ],
  tables: ["people"],
  untouched: "id <= 1000",
  old: async (run, turn, failures) => {
    const id = 200_000 + turn;
    await run("REPLACE INTO people (id, name, n) VALUES (?, 'Old Code', 1)", [id]);
    await run("UPDATE people SET name = ? WHERE id = ?", [`Older C${turn}`, id]);
    const [row] = await run("SELECT name FROM people WHERE id = ?", [id]);
    if (failures.length === 0) expect(row?.name).toBe(`Older C${turn}`);
    await run("UPDATE people SET n = n WHERE id = 1 + ? % 200", [turn]);
  },
  fresh: async (run, turn, failures) => {
    const id = 100_000 + turn;
    await run("INSERT INTO people (id, first, last) VALUES (?, 'New', 'Code')", [id]);
    await run("UPDATE people SET last = ? WHERE id = ?", [`C${turn}`, id]);
    const [row] = await run("SELECT first, last FROM people WHERE id = ?", [id]);
    if (failures.length === 0) expect(row).toEqual({ first: "New", last: `C${turn}` });
  },
  wrong:
    "SELECT COUNT(*) FROM people WHERE NOT (CONCAT_WS(' ', first, last) <=> name) OR id >= 200000 AND first NOT LIKE 'Old%'",
};
