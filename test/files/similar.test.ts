import { expect, test } from "vitest";
import { editDistance, nearest } from "../../src/files/similar.js";

test.each([
  ["", "abc", 3],
  ["phase", "phase", 0],
  ["phse", "phase", 1],
  ["zmgirate", "zmigrate", 1],
  ["kitten", "sitting", 3],
])("%s to %s takes %i edits", (a, b, edits) => expect(editDistance(a, b)).toBe(edits));

test("the nearest word is found, and none is when all are far", () => {
  expect(nearest("Phse", ["ignore", "phase"])).toBe("phase");
  expect(nearest("banana", ["ignore", "phase"])).toBeNull();
  expect(nearest("x", [])).toBeNull();
});
