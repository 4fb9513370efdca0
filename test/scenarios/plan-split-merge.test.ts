import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { back, forward, type PhasedChange } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const ROWS = 200;

/** A name in one column becomes two. Every third row has a name that the pair does not give back as it was. */
const SPLIT: PhasedChange = {
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

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();

  it("splits a column under old and new code", () => forward(server, s, SPLIT));
  it("takes a split back", () => back(server, s, SPLIT));

  it("refuses a rollback that would lose what new code wrote, and says in which rows", async () => {
    const db = await server.createDatabase("lost");
    s.after(() => db.drop());
    await query(db.url, "CREATE TABLE people (id int PRIMARY KEY, name varchar(9) NOT NULL, n int)");
    await query(db.url, "INSERT INTO people VALUES (1, 'Ada L', 1)");
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write("migrations/20260101000000_change.sql", SPLIT.migration);
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "INSERT INTO people (id, first, last) VALUES (2, 'Much', 'too long for that')");
    const refused = await p.run("rollback", "20260101000000");
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/in 1 row\. Keys of some: 2/);
    await query(db.url, "UPDATE people SET last = 'Adoo' WHERE id = 2");
    await works(p.run("rollback", "20260101000000"));
    expect((await query(db.url, "SELECT name FROM people")).map((r) => r.name)).toEqual(["Ada L", "Much Adoo"]);
  });
});
