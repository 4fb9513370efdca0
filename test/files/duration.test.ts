import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../src/files/duration.js";

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
