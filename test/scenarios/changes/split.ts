import type { Work } from "../support/clients.js";
import type { PhasedChange } from "../support/phased.js";

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

export const old: Work = async (run, turn, failures) => {
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

export const CHANGE: PhasedChange = {
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
