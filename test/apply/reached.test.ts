import { describe, expect, it } from "vitest";
import { notReached } from "../../src/apply/reached.js";
import type { MigrationRecord } from "../../src/journal/records.js";

const AT = new Date(0);
const record = (id: string, given: Partial<MigrationRecord>) =>
  ({ id, expandedAt: null, backfilledAt: null, ...given }) as MigrationRecord;

describe("notReached", () => {
  it.each([
    ["expand", { status: "expanding" }, "1 is expanding"],
    ["expand", { status: "failed" }, "1 is failed"],
    ["expand", { status: "failed", expandedAt: AT }, null],
    ["expand", { status: "backfilling", expandedAt: AT }, null],
    ["backfill", { status: "backfilling", expandedAt: AT }, "1 is backfilling"],
    ["backfill", { status: "contracting", expandedAt: AT, backfilledAt: AT }, null],
    ["contract", { status: "contracting", expandedAt: AT, backfilledAt: AT }, "1 is contracting"],
    ["contract", { status: "contracted" }, null],
    ["expand", { status: "contracted" }, null],
    ["expand", { status: "rolled-back", expandedAt: AT, backfilledAt: AT }, "1 is rolled-back"],
  ] as const)("%s of %j: %s", (phase, given, late) => {
    expect(notReached([record("1", given)], ["1"], phase)).toBe(late);
  });

  it("names the first, and takes none for all", () => {
    const done = record("1", { status: "contracted" });
    expect(notReached([done], ["1", "2", "3"], "expand")).toBe("2 has not begun");
    expect(notReached([], [], "expand")).toBeNull();
  });
});
