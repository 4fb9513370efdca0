import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteOffsets, codePointOffset } from "../../../../src/engines/postgres/parse/offsets.js";

describe("byteOffsets", () => {
  it("finds every character of any text behind the bytes of what precedes it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const at = byteOffsets(text);
        let offset = 0;
        for (const character of text) {
          expect(at(Buffer.byteLength(text.slice(0, offset)))).toBe(offset);
          offset += character.length;
        }
        expect(at(Buffer.byteLength(text))).toBe(text.length);
      }),
    );
  });
});

describe("codePointOffset", () => {
  it("counts an astral character once", () => {
    expect(codePointOffset("a😀b", 2)).toBe(3);
  });

  it("stops at the end", () => {
    expect(codePointOffset("ab", 9)).toBe(2);
  });
});
