import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { connect, type Work } from "./support/clients.js";
import { back, forward, type PhasedChange } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const ROWS = 300;

/** A split, a merge with a part that is not dropped, and a copy in another form, in one table. */
const MIGRATION = `-- zmigrate:batch rows=50
-- zmigrate:up split_part("Name", ' ', 1)
ALTER TABLE t ADD COLUMN "First" text;
-- zmigrate:up NULLIF(substr(t."Name", length(split_part("Name", ' ', 1)) + 2), '')
ALTER TABLE t ADD COLUMN last text;
-- zmigrate:down concat_ws(' ', "First", last)
ALTER TABLE t DROP COLUMN "Name";
-- zmigrate:up make_date(year, month, n)
ALTER TABLE t ADD COLUMN day date NOT NULL;
-- zmigrate:down extract(year FROM day)::int
ALTER TABLE t DROP COLUMN year;
-- zmigrate:down extract(month FROM day)
ALTER TABLE t DROP COLUMN month;
-- zmigrate:up lower(email)
ALTER TABLE t ADD COLUMN folded varchar(50) COLLATE "C";
`;

const PLAIN = [
  `ALTER TABLE t ADD "First" text, ADD last text, ADD day date, ADD folded varchar(50) COLLATE "C"`,
  `UPDATE t SET "First" = split_part("Name", ' ', 1), last = NULLIF(substr("Name", length(split_part("Name", ' ', 1)) + 2), ''),
     day = make_date(year, month, n), folded = lower(email)`,
  `ALTER TABLE t ALTER day SET NOT NULL, DROP "Name", DROP year, DROP month`,
];

const old: Work = async (run, turn, failures) => {
  const id = 100_000 + turn;
  await run(`INSERT INTO t (id, "Name", year, month, email) VALUES (${id}, 'Old Writer', 2001, 2, 'O@X')`);
  await run(`UPDATE t SET "Name" = 'Ann Of Old', year = 2010 WHERE id = ${id}`);
  await run(`UPDATE t SET email = upper(email) WHERE id = ${ROWS} - ${turn} % 100`);
  await run(
    `INSERT INTO t (id, "Name") VALUES (${id}, 'Up Sert') ON CONFLICT (id) DO UPDATE SET "Name" = excluded."Name"`,
  );
  const [row] = await run(`SELECT "Name" AS name, year FROM t WHERE id = ${id}`);
  if (row !== undefined && (row.name !== "Up Sert" || row.year !== 2010))
    (failures as string[]).push(`old code reads ${JSON.stringify(row)}`);
  await run(`DELETE FROM t WHERE id = ${id - 15}`);
};

const fresh: Work = async (run, turn, failures) => {
  const id = 200_000 + turn;
  await run(`INSERT INTO t (id, "First", last, day, email) VALUES (${id}, 'New', 'Writer', '2003-04-05', 'N@X')`);
  // One of two columns: the other side is made of both.
  await run(`UPDATE t SET "First" = 'Bob' WHERE id = ${id}`);
  await run(
    `INSERT INTO t (id, last, day) VALUES (${id}, 'x', '2001-01-01') ON CONFLICT (id) DO UPDATE SET last = excluded.last`,
  );
  const [row] = await run(`SELECT "First" AS first, last, day::text AS day, folded FROM t WHERE id = ${id}`);
  if (row !== undefined && JSON.stringify(row) !== '{"first":"Bob","last":"x","day":"2003-04-05","folded":"n@x"}')
    if (row.folded !== null) (failures as string[]).push(`new code reads ${JSON.stringify(row)}`);
};

const CHANGE: PhasedChange = {
  setup: [
    `CREATE TABLE t (id int PRIMARY KEY, "Name" text NOT NULL DEFAULT 'No One', year int NOT NULL DEFAULT 1999, month smallint DEFAULT 1, n int NOT NULL DEFAULT 5, email text)`,
    `CREATE INDEX ON t (year)`,
    `INSERT INTO t SELECT i, 'Given' || i || ' Family Name', 1990 + i % 20, 1 + i % 12, 1 + i % 28, 'Mail' || i FROM generate_series(1, ${ROWS}) i`,
  ],
  migration: MIGRATION,
  plain: PLAIN,
  tables: ["t"],
  untouched: `id <= ${ROWS - 100}`,
  old,
  fresh,
  wrong: `SELECT count(*) FROM t WHERE "Name" IS DISTINCT FROM concat_ws(' ', "First", last) OR day IS DISTINCT FROM make_date(year, month, extract(day FROM day)::int)
    OR folded IS DISTINCT FROM lower(email)`,
};

describeServer("postgres", (server) => {
  const s = suite();

  it("splits, merges and copies columns under old and new code", () => forward(server, s, CHANGE));
  it("takes that back, before the contract and after the swap", () => back(server, s, CHANGE));

  it("never loses what one side wrote, whatever the backfill has reached", async () => {
    const db = await server.createDatabase("split");
    s.after(() => db.drop());
    await query(
      db.url,
      "CREATE TABLE t (id int PRIMARY KEY, name text); INSERT INTO t VALUES (1, 'Evelyn Wu'), (2, NULL), (3, 'a b')",
    );
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init"));
    p.write(
      "migrations/20260101000000_split.sql",
      `-- zmigrate:up split_part(name, ' ', 1)
ALTER TABLE t ADD COLUMN first text;
-- zmigrate:up split_part(name, ' ', 2)
ALTER TABLE t ADD COLUMN last text;
-- zmigrate:down first || ' ' || last
ALTER TABLE t DROP COLUMN name;
`,
    );
    await works(p.run("apply", "--release", "r1"));
    const app = await connect(db.url);
    s.after(() => app.end());
    // As it was before the backfill: new code writes one of the two columns.
    await app.query("ALTER TABLE t DISABLE TRIGGER ALL");
    await app.query("UPDATE t SET first = NULL, last = NULL");
    await app.query("ALTER TABLE t ENABLE TRIGGER ALL");
    await app.query("UPDATE t SET first = 'Robert' WHERE id = 1");
    await app.query("UPDATE t SET last = NULL, name = 'both  written' WHERE id = 3");
    expect(await app.query("SELECT name, first, last FROM t ORDER BY id")).toEqual([
      { name: "Robert Wu", first: "Robert", last: "Wu" },
      { name: null, first: null, last: null },
      { name: "both  written", first: "both", last: "" },
    ]);
    await app.query("UPDATE t SET last = 'van der Berg' WHERE id = 1");
    const refused = await p.run("rollback", "20260101000000");
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(
      'would drop "last" of "public"."t", which it added, with what was written there in 1 row',
    );
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r2"));
    const swapped = await p.run("rollback", "20260101000000");
    expect(swapped.stderr).toContain("in 1 row");
    await works(p.run("rollback", "20260101000000", "--accept-loss"));
    expect(await app.query("SELECT * FROM t ORDER BY id")).toEqual([
      { id: 1, name: "Robert van der Berg" },
      { id: 2, name: null },
      { id: 3, name: "both  written" },
    ]);
  });
});
