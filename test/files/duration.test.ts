import { expect, test } from "vitest";
import { duration, formatDuration, parseDuration } from "../../src/files/duration.js";

test.each([
  ["0", 0],
  ["250ms", 250],
  ["5s", 5_000],
  ["1.5s", 1_500],
  ["10m", 600_000],
  ["2h", 7_200_000],
  ["3d", 259_200_000],
])("%s", (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each(["", "5", "5 s", "s", "-1s", "1w", "1S", "1e3s", "999999999999999999d"])("%j is no duration", (text) =>
  expect(parseDuration(text)).toBeNull(),
);

test("writes what it reads back", () => {
  for (const ms of [0, 1, 250, 1_500, 90_000, 86_400_000]) expect(parseDuration(formatDuration(ms))).toBe(ms);
  expect([250, 90_000, 7_200_000].map(formatDuration)).toEqual(["250ms", "90s", "2h"]);
});

test("writes durations as people say them", () => {
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
