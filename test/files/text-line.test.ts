import fc from "fast-check";
import { expect, it } from "vitest";
import { fromLine, toLine, toLines } from "../../src/files/text-line.js";

it("puts any text on one line, and back", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", " ", "\n", "\r", '"', "\\", "\t", "\u2028") }), (text) => {
      const line = toLine(text);
      expect(line).not.toMatch(/[\n\r]/);
      expect(line.trim()).toBe(line);
      expect(fromLine(line)).toBe(text);
    }),
  );
});

it("leaves a plain sentence as it is, and says when quotes do not close", () => {
  expect(toLine('It\'s "here".')).toBe('It\'s "here".');
  expect(fromLine('"open')).toBeNull();
});

it("puts a statement on lines of its own, or on one where blanks at a line's end would be lost", () => {
  expect(toLines("a\n\n  b", "F", "N")).toEqual(["F a", "N", "N   b"]);
  expect(toLines("a \nb", "F", "N")).toEqual(['F "a \\nb"']);
  expect(toLines('"a"', "F", "N")).toEqual(['F "\\"a\\""']);
});
