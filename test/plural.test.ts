import { expect, test } from "vitest";
import { ZmigrateError } from "../src/errors.js";
import { namesText, rowsText } from "../src/plural.js";

test.each([
  [0, "0 rows differ"],
  [1, "1 row differs"],
  [2, "2 rows differ"],
])("%d: %s", (n, text) => {
  expect(rowsText(n, "differ")).toBe(text);
  expect(rowsText(n)).toBe(text.replace(/ differs?$/, ""));
});

test.each([
  [1, "1 row differs between the old and the new side."],
  [2, "2 rows differ between the old and the new side."],
])("a verification that found %d", (mismatches, text) => {
  const found = { migration: "20260101000000", step: "1-verify", mismatches, examples: "" };
  expect(new ZmigrateError("verify-failed", found).message).toContain(text);
});

test.each([
  [1, "Rows of t hold NULL in c: 1. Keys"],
  [2, "2 rows of t hold NULL in c. Keys"],
])("a verification of one side that found %d", (mismatches, text) => {
  const violation = { rows: "of t hold NULL in c", help: "" };
  const found = { migration: "20260101000000", step: "1-verify", mismatches, examples: "Keys of some: 7.", violation };
  expect(new ZmigrateError("verify-failed", found).message).toContain(text);
});

test("names are listed, and those that are too many counted", () => {
  expect(namesText([])).toBe("");
  expect(namesText(["a"])).toBe("a");
  expect(namesText(["a", "b"])).toBe("a and b");
  expect(namesText(["a", "b", "c"])).toBe("a, b and c");
  expect(namesText(["a", "b", "c", "d"], 2)).toBe("a, b and 2 more");
});
