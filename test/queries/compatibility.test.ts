import { expect, it } from "vitest";
import type { Prepared } from "../../src/engines/shadow.js";
import { contractOutcome, isUntouched } from "../../src/model/query.js";
import { compatibilityOf } from "../../src/queries/compatibility.js";

const query = { source: "q.sql:1", text: "SELECT" };
const WORKS = {
  kind: "works",
  columns: [{ name: "a", type: "integer" }],
  parameters: ["integer"],
  meaning: "SELECT a",
  leavesOut: [],
} as const;
const BREAKS = { kind: "breaks", reason: "no a" } as const;
const UNKNOWN = { kind: "unknown", reason: "?" } as const;

const row = (before: Prepared, expand: Prepared, backfill: Prepared, swap: Prepared, drop: Prepared) =>
  compatibilityOf(query, { before, expand, backfill, swap, drop });

it.each([
  ["old", WORKS, WORKS, BREAKS],
  ["new", BREAKS, WORKS, WORKS],
  ["none", BREAKS, BREAKS, BREAKS],
  ["unknown", BREAKS, UNKNOWN, BREAKS],
  ["unknown", UNKNOWN, WORKS, WORKS],
] as const)("says that it is of %s code", (owner, before, expand, swap) => {
  expect(row(before, expand, expand, swap, swap).owner).toBe(owner);
});

it("takes a query that works before, and that running code cannot send, for new code's", () => {
  const seen = { before: WORKS, expand: WORKS, backfill: WORKS, swap: WORKS, drop: WORKS };
  expect(compatibilityOf(query, seen, false).owner).toBe("new");
});

it("measures what changes from where it works first", () => {
  const later = { ...WORKS, columns: [{ name: "a", type: "bigint" }], parameters: ["bigint"] };
  expect(row(BREAKS, WORKS, WORKS, later, later).outcomes).toMatchObject({
    before: { verdict: "breaks", reason: "no a" },
    expand: { verdict: "works", reason: null },
    swap: { verdict: "changes", reason: '"a" is bigint, was integer; $1 is bigint, was integer' },
  });
});

it("takes the worse of swap and drop for contract", () => {
  expect(contractOutcome(row(WORKS, WORKS, WORKS, BREAKS, WORKS).outcomes).verdict).toBe("breaks");
  expect(contractOutcome(row(WORKS, WORKS, WORKS, WORKS, BREAKS).outcomes).verdict).toBe("breaks");
});

it("leaves out what no phase touches", () => {
  expect(isUntouched(row(WORKS, WORKS, WORKS, WORKS, WORKS))).toBe(true);
  expect(isUntouched(row(WORKS, WORKS, WORKS, WORKS, UNKNOWN))).toBe(false);
});
