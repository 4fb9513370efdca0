import { expect, it } from "vitest";
import { brokenEarly, withUnknown } from "../../src/plan/queries.js";
import { asked, BROKEN, planned, report } from "../report/plan/support.js";

const FILE = { id: "20260101000000", slug: "x", file: "migrations/x.sql", text: "", checksum: "" };
const QUERY = { source: "q.sql:1", text: "SELECT\n 1", sql: "SELECT 1", reason: "" };

it("refuses what breaks running code's queries before contract, and names the first of them", () => {
  const early = asked("SELECT  a", { backfill: BROKEN });
  const [one, none] = brokenEarly(FILE, [asked("SELECT b"), early]);
  expect(none).toBeUndefined();
  expect(one).toMatchObject({ id: FILE.id, file: FILE.file, line: 1, column: 1 });
  expect(one?.reason).toBe("A query of running code breaks: in backfill `SELECT a` (queries/a.sql:1): no column a.");
  const [many] = brokenEarly(
    FILE,
    Array.from({ length: 5 }, () => early),
  );
  expect(many?.reason).toMatch(/^5 queries of running code break: .*; and 2 more\.$/);
});

it("refuses nothing for what contract breaks, for new code, and for what was broken before", () => {
  const rows = [
    asked("SELECT a", { swap: BROKEN, drop: BROKEN }),
    asked("SELECT b", { before: BROKEN, expand: BROKEN }, "new"),
    asked("SELECT c", { before: BROKEN, expand: BROKEN }, "none"),
  ];
  expect(brokenEarly(FILE, rows)).toEqual([]);
});

it("shows a query as unknown where nothing was asked", () => {
  const { migrations } = withUnknown(report(planned()), [QUERY], "no shadow");
  expect(migrations[0]?.compatibility).toMatchObject([
    { owner: "unknown", outcomes: { expand: { verdict: "unknown", reason: "no shadow" } } },
  ]);
  expect(withUnknown(report(planned()), [], "").migrations[0]?.compatibility).toBeUndefined();
});

it("tells code of an earlier and of a later migration from code of none", () => {
  const nowhere = { before: BROKEN, expand: BROKEN, backfill: BROKEN, swap: BROKEN, drop: BROKEN };
  const [gone, later, never] = ["SELECT 1", "SELECT 2", "SELECT 3"].map((t) => asked(t, nowhere, "none"));
  if (gone === undefined || later === undefined || never === undefined) throw new Error("three rows");
  const { migrations } = withUnknown(
    report(
      planned({ compatibility: [asked("SELECT 1", { drop: BROKEN }), later, never] }),
      planned({ compatibility: [gone, asked("SELECT 2", { before: BROKEN }, "new"), never] }),
    ),
    [QUERY],
    "",
  );
  expect(migrations.map((m) => m.compatibility?.map((q) => q.owner))).toEqual([
    ["old", "later", "none"],
    ["gone", "new", "none"],
  ]);
});
