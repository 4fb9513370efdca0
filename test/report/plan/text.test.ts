import { expect, it } from "vitest";
import { planText } from "../../../src/report/plan/text.js";
import { planned, report, SIZES, STEPS } from "./support.js";

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

it("lists how the application's queries fare", () => {
  const compatibility = [{ query: "SELECT a", expand: "works", backfill: "works", contract: "breaks: no column a" }];
  expect(planText(report(planned({ compatibility })), PLAIN)).toContain(
    "  queries\n    SELECT a\n      expand: works; backfill: works; contract: breaks: no column a\n",
  );
});
