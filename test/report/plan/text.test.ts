import { expect, it } from "vitest";
import { planText } from "../../../src/report/plan/text.js";
import { asked, BROKEN, planned, report, SIZES, STEPS } from "./support.js";

const same = (text: string) => text;
const PLAIN = { bold: same, dim: same, green: same, yellow: same, red: same };

it("says what runs in which deploy, under which lock, how long and why", () => {
  expect(planText(report(planned({ sizes: SIZES })), PLAIN)).toMatchInlineSnapshot(`
    "Plan for postgres 18, from the database's own schema.

    20260101000000 change (pending, migrations/20260101000000_change.sql)

      deploy 1: with the release that brings this migration; about 13 s
      expand  before the new code is deployed; old code goes on working
        1-add  ddl
          Adds.
          ACCESS EXCLUSIVE on public.users: blocks reads and writes for a moment
            ALTER TABLE users ADD b int;
      backfill  in the same job, behind expand; from its end on old and new code both work
        1-fill  backfill
          Fills.
          about 13 s: 1,000,000 rows at an assumed 80,000 rows/s
            UPDATE "public"."users" SET b = a WHERE <key range> AND b IS NULL;

      deploy 2: with the next release
      contract, swap  in a later release, when its gates are open; the old code must be gone
        gates: verified, soak=1h
        1-swap  ddl
          Swaps.
            SELECT 1;

      deploy 3: with a release after that, parked for 24h
      contract, drop  in a release after that, when its gates are open; from here on there is no way back
        gates: verified, park=24h
        1-drop  ddl  cannot be undone
          Drops.
            SELECT 2;
    "
  `);
});

it("shows control characters and does not obey them", () => {
  const hostile = STEPS.map((s) => ({
    ...s,
    reason: "a\u001b[2Jb",
    sql: s.sql.map((sql) => `${sql} "\u001b]0;x\u0007"`),
  }));
  expect(planText(report(planned({ name: "\u001b[31m" }, hostile)), PLAIN)).not.toContain("\u001b");
});

it("lists how the application's queries fare, what breaks before contract first, and counts the others", () => {
  const compatibility = [
    asked("SELECT b"),
    asked("SELECT c", {}, "gone"),
    asked("SELECT *\nFROM t", { expand: { verdict: "changes", reason: 'returns "b" too' } }),
    asked("SELECT a", { swap: BROKEN, drop: BROKEN }),
    asked("SELECT d", { expand: BROKEN, backfill: BROKEN }),
    asked("", { before: BROKEN, expand: BROKEN, backfill: BROKEN, swap: BROKEN, drop: BROKEN }, "none"),
    asked("SELECT e", { before: BROKEN }, "new"),
  ];
  const text = planText(report(planned({ compatibility })), PLAIN);
  expect(text.slice(text.indexOf("\n  queries"))).toBe(`
  queries
    queries/a.sql:1  old code
      SELECT d
      expand, backfill: breaks: no column a
      swap, drop: works
    queries/a.sql:1  works in no phase
      every phase: breaks: no column a
    queries/a.sql:1  old code
      SELECT a
      expand, backfill: works
      swap, drop: breaks: no column a
    queries/a.sql:1  old code
      SELECT * FROM t
      expand: changes: returns "b" too
      backfill, swap, drop: works
    queries/a.sql:1  new code
      SELECT e
      before: breaks: no column a
      expand, backfill, swap, drop: works
    1 other query works in every phase as before.
    1 query only works in an earlier or a later migration.
`);
});

it("counts queries that are unknown for one reason, and lists one or two of them", () => {
  const UNKNOWN = { verdict: "unknown", reason: "no\u001b shadow" } as const;
  const nowhere = { before: UNKNOWN, expand: UNKNOWN, backfill: UNKNOWN, swap: UNKNOWN, drop: UNKNOWN };
  const rows = (n: number) => Array.from({ length: n }, (_, i) => asked(`SELECT ${i}`, nowhere, "unknown"));
  const text = (n: number) => planText(report(planned({ compatibility: rows(n) })), PLAIN);
  expect(text(2)).toMatch(/SELECT 1\n {6}every phase: unknown: no.* shadow\n/);
  expect(text(3)).toMatch(/\n {2}queries\n {4}3 queries are unknown in every phase: no.* shadow\.\n$/);
  for (const shown of [text(2), text(3)]) expect(shown).not.toContain("\u001b");
});
