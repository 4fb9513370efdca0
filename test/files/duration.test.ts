import { expect, test } from "vitest";
import { parseDuration } from "../../src/files/duration.js";

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
