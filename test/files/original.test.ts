import fc from "fast-check";
import { expect, it } from "vitest";
import { originalLines, originalText } from "../../src/files/original.js";

it("gives back what a file was, line for line", () => {
  const line = fc.string().map((s) => s.replaceAll("\n", ""));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      const text = `${lines.join("\n")}\n`;
      expect(originalText(`${originalLines(text).join("\n")}\n\n-- zmigrate:written {}\nSELECT 1;\n`)).toBe(text);
    }),
  );
});

it("is null for a file that does not begin so", () => {
  for (const text of [
    "",
    "SELECT 1;\n",
    "\n-- zmigrate:from SELECT 1;\n",
    "-- zmigrate:fromage\n",
    " -- zmigrate:from x\n",
  ])
    expect(originalText(text)).toBeNull();
});

it("ends with the first other line, and with the file", () => {
  expect(originalText("-- zmigrate:from a\nb\n-- zmigrate:from c\n")).toBe("a\n");
  expect(originalText("-- zmigrate:from a")).toBe("a\n");
});
