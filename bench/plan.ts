import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Row, row } from "./row.js";
import { type Command, shortest } from "./time.js";

const CLI = resolve("dist/src/start.cjs");

const FILES = 1_000;

/** What planning them may take, milliseconds. */
const GOAL = 10_000;

/** The first change of an application's table, and three that follow it. */
const usual = (n: number): string =>
  `CREATE TABLE orders_${n} (id bigint PRIMARY KEY, name text NOT NULL);
ALTER TABLE orders_${n} ADD COLUMN note text;
CREATE INDEX orders_${n}_note ON orders_${n} (note);
`;

/** Times planning behind and of a long history, each plan tried in the embedded PostgreSQL. */
export function benchPlan(): readonly Row[] {
  const folder = mkdtempSync(join(tmpdir(), "zmigrate-bench-"));
  try {
    const migrations = join(folder, "migrations");
    mkdirSync(migrations);
    for (let n = 0; n < FILES; n += 1) writeFileSync(join(migrations, `${20260101000000 + n}_m.sql`), usual(n));
    const last = join(migrations, "20270101000000_rename_note.sql");
    writeFileSync(last, "ALTER TABLE orders_7 RENAME COLUMN note TO remark;\n");
    const plan = (...files: string[]): Command => [
      process.execPath,
      CLI,
      "plan",
      "--engine",
      "postgres",
      "--migrations",
      migrations,
      ...files,
    ];
    const [one = 0, all = 0] = shortest([plan(last), plan()], 2);
    return [
      row("plan of a file behind 1,000 migrations", "10 s", one, GOAL, 1),
      row("plan of 1,000 migrations", "10 s", all, GOAL, 1),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
