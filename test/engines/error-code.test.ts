import { expect, it } from "vitest";
import { codeOf } from "../../src/engines/error-code.js";

it.each<[unknown, string]>([
  [Object.assign(new Error("gone"), { code: "ECONNRESET" }), "ECONNRESET"],
  [{ code: "42P01" }, "42P01"],
  [Object.assign(new Error("number"), { code: 42 }), ""],
  [new Error("no code"), ""],
  [null, ""],
  [undefined, ""],
  ["a text", ""],
])("reads the code of %s", (error, code) => {
  expect(codeOf(error)).toBe(code);
});
