import { expect, test } from "vitest";
import { loadParser } from "../../../../src/engines/postgres/parse/library.js";
import { tracePostgres } from "../../../../src/engines/postgres/trace/index.js";

const HISTORY = `
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE users (id int PRIMARY KEY, age int, parent int);
CREATE INDEX users_age ON users (age);
CREATE TABLE gone (a int);
`;

const STATEMENTS = [
  ["ALTER TABLE users ADD COLUMN note text", ["public.users ACCESS EXCLUSIVE"], [], []],
  [
    "ALTER TABLE users ALTER COLUMN age TYPE bigint",
    ["public.users ACCESS EXCLUSIVE", "public.users SHARE", "public.users_pkey ACCESS EXCLUSIVE"],
    ["public.users", "public.users_age", "public.users_pkey"],
    ["public.users"],
  ],
  [
    "ALTER TABLE users ADD FOREIGN KEY (parent) REFERENCES parents",
    ["public.parents SHARE ROW EXCLUSIVE", "public.users SHARE ROW EXCLUSIVE"],
    [],
    [],
  ],
  ["CREATE INDEX ON users (note)", ["public.users SHARE"], [], ["public.users"]],
  ["DROP TABLE gone", ["public.gone ACCESS EXCLUSIVE"], [], []],
  ["CREATE TABLE fresh (a int)", [], [], []],
  [
    "DO 'BEGIN ALTER TABLE parents RENAME TO elders; CREATE VIEW parents AS SELECT id FROM elders; END'",
    ["public.parents ACCESS EXCLUSIVE"],
    [],
  ],
  ["SET search_path = nowhere", [], [], []],
  ["CREATE INDEX CONCURRENTLY later ON public.users (parent)", "it refuses to run in a transaction"],
  ["BEGIN", "left out"],
  ["CREATE EXTENSION nothing", "it fails there: "],
  ["ALTER TABLE unknown ADD COLUMN a int", 'it fails there: relation "unknown" does not exist'],
  ["SELECT 1", [], [], []],
] as const;

test("locks, rewrites and scans are those of the server, and what was not seen is said", async () => {
  await loadParser();
  const text = STATEMENTS.map(([sql]) => `${sql};\n`).join("");
  const history = [
    { file: "1.sql", text: HISTORY, report: false },
    { file: "2.sql", text, report: true },
  ];
  const { server, statements } = await tracePostgres([history]);
  expect(server).toMatch(/^PostgreSQL 1[78]\./);
  expect(statements.map(({ file, sql }) => [file, sql])).toEqual(STATEMENTS.map(([sql]) => ["2.sql", sql]));
  for (const [at, [sql, locks, rewrites, scans]] of STATEMENTS.entries()) {
    const seen = statements[at];
    if (typeof locks === "string") {
      expect(seen?.note, sql).toContain(locks);
      continue;
    }
    expect(seen?.note, sql).toBeNull();
    expect(
      seen?.locks.map(({ relation, mode }) => `${relation} ${mode}`),
      sql,
    ).toEqual(expect.arrayContaining([...locks]));
    expect(seen?.locks.length === 0, sql).toBe(locks.length === 0);
    expect(seen?.rewrites.toSorted(), sql).toEqual(rewrites);
    if (scans !== undefined) expect(seen?.scans, sql).toEqual(expect.arrayContaining([...scans]));
    expect(seen?.start.line, sql).toBe(at + 1);
  }
}, 120_000);
