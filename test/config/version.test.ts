import { expect, test } from "vitest";
import { parseVersion } from "../../src/config/version.js";

test.each([
  ["16", [16]],
  ["8.0.36", [8, 0, 36]],
  ["10.11.6-MariaDB", [10, 11, 6]],
])("%s", (text, parts) => expect(parseVersion(text)).toEqual({ text, parts }));

test.each(["", "v16", "8.", "8.0.x", "8 0"])("%j is no version", (text) => expect(parseVersion(text)).toBeNull());
