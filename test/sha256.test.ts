import { expect, test } from "vitest";
import { sha256 } from "../src/sha256.js";

// FIPS 180-2, B.1; and a text whose UTF-8 is not its UTF-16.
test.each([
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["é", "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"],
])("%s", (text, digest) => {
  expect(sha256(text)).toBe(digest);
});
