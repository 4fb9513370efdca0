import { expect, it } from "vitest";
import { count, duration, indent } from "../../src/report/format.js";

it("writes durations as people say them", () => {
  expect([0, 999, 1_500, 59_900, 65_000, 3_600_000, 7_800_000].map(duration)).toEqual([
    "0 ms",
    "999 ms",
    "1.5 s",
    "59.9 s",
    "1 min 05 s",
    "1 h 00 min",
    "2 h 10 min",
  ]);
});

it("groups digits", () => expect(count(1_234_567.4)).toBe("1,234,567"));

it("leaves empty lines empty", () => expect(indent("a\n\nb", "  ")).toBe("  a\n\n  b"));
