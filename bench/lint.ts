import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Row, row } from "./row.js";
import { squawk } from "./squawk.js";
import { type Command, shortest } from "./time.js";

/** What npm installs as `zmigrate`. Its first run keeps compiled code; the shortest of some runs is taken. */
const CLI = resolve("dist/src/start.cjs");

/** Milliseconds that a run on one file may take longer than node alone. */
const OVER_NODE = 150;

/** Three statements of a usual migration. */
const usual = (n: number): string =>
  `CREATE TABLE orders_${n} (id bigint PRIMARY KEY, name text NOT NULL);
ALTER TABLE orders_${n} ADD COLUMN note text;
CREATE INDEX CONCURRENTLY orders_${n}_note ON customers_${n} (note);
`;

/** Times linting beside squawk. */
export function benchLint(): readonly Row[] {
  const folder = mkdtempSync(join(tmpdir(), "zmigrate-bench-"));
  try {
    return [...oneFile(folder), ...manyFiles(folder), ...manyStatements(folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ours = (...args: string[]): Command => [process.execPath, CLI, "lint", "--engine", "postgres", ...args];

/** Ours, then squawk's where it can be had. */
function compare(what: string, limit: number, runs: number, args: string[], files: string[]): readonly Row[] {
  const peer = squawk();
  const [mine = 0, theirs = null] = shortest(
    [ours(...args), ...(peer === null ? [] : [[peer.file, ...files] satisfies Command])],
    runs,
  );
  return [row(what, peer?.name ?? "squawk (absent)", mine, theirs, limit)];
}

function oneFile(folder: string): readonly Row[] {
  const file = join(folder, "one.sql");
  writeFileSync(file, usual(1));
  const [mine = 0, bare = 0] = shortest([ours(file), [process.execPath, "-e", "0"]], 10);
  return [
    ...compare("one file, whole process", 1.5, 10, [file], [file]),
    row(`one file, time over bare node, of ${OVER_NODE} ms`, "node -e 0", mine - bare, OVER_NODE, 1),
  ];
}

function manyFiles(folder: string): readonly Row[] {
  const migrations = join(folder, "migrations");
  mkdirSync(migrations);
  const files = Array.from({ length: 1_000 }, (_, n) => {
    const file = join(migrations, `${20260101000000 + n}_m.sql`);
    writeFileSync(file, usual(n));
    return file;
  });
  const next = join(migrations, "20270101000000_next.sql");
  const again = compare("1,000 files of 3 statements, judged before", 1, 5, [migrations], files);
  const first = compare("1,000 files of 3 statements, none judged before", 1, 3, ["--no-cache", migrations], files);
  writeFileSync(next, usual(1_000));
  const [kept = 0, anew = 0] = shortest([ours(next), ours("--no-cache", next)], 5);
  return [...first, ...again, row("one file behind 1,000", "itself with --no-cache", kept, anew, 0.5)];
}

function manyStatements(folder: string): readonly Row[] {
  const write = (statements: number): string => {
    const file = join(folder, `${statements}.sql`);
    writeFileSync(
      file,
      Array.from({ length: statements }, (_, n) => `ALTER TABLE t_${n} ADD COLUMN c_${n} text;\n`).join(""),
    );
    return file;
  };
  const [none, some, many] = [write(0), write(10_000), write(40_000)];
  const [start = 0, small = 0, large = 0] = shortest([ours(none), ours(some), ours(many)], 2);
  return [
    ...compare("one file of 10,000 statements", 0.2, 3, [some], [some]),
    row("a statement of 40,000, against one of 10,000", "itself", (large - start) / 4, small - start, 1.5),
  ];
}
