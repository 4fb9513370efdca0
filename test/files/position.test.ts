import { expect, test } from "vitest";
import { lineText, offsetOf, positionOf } from "../../src/files/position.js";

const TEXT = "a\nbc\n\nd";

test.each([
  [0, 1, 1],
  [1, 1, 2],
  [2, 2, 1],
  [4, 2, 3],
  [5, 3, 1],
  [6, 4, 1],
  [7, 4, 2],
])("offset %i is line %i, column %i, and back", (offset, line, column) => {
  expect(positionOf(TEXT, offset)).toEqual({ line, column });
  expect(offsetOf(TEXT, { line, column })).toBe(offset);
});

test("an offset outside the text is moved to its nearest end", () => {
  expect(positionOf(TEXT, -3)).toEqual({ line: 1, column: 1 });
  expect(positionOf(TEXT, 99)).toEqual({ line: 4, column: 2 });
});

test("columns are UTF-16 units", () => {
  expect(positionOf("😀x", 2)).toEqual({ line: 1, column: 3 });
});

test("two texts asked in turn keep their own lines", () => {
  expect(positionOf("x\ny", 2).line).toBe(2);
  expect(positionOf("xyz", 2).line).toBe(1);
  expect(positionOf("x\ny", 2).line).toBe(2);
});

test("a line's text is without its break", () => {
  expect([1, 2, 3, 4, 5].map((line) => lineText(TEXT, line))).toEqual(["a", "bc", "", "d", ""]);
});

test("a question about each place of a large text is not quadratic", () => {
  const text = "select 1;\n".repeat(50_000);
  const started = performance.now();
  for (let offset = 0; offset < text.length; offset += 10) positionOf(text, offset);
  expect(performance.now() - started).toBeLessThan(2_000);
});
