import { expect, it } from "vitest";
import { readValue, textOf } from "../../../src/backfill/code/values.js";

it.each([
  ["number", "-3", -3],
  ["number", "1.5e-7", 1.5e-7],
  ["number", "NaN", Number.NaN],
  ["bigint", "9223372036854775807", 9223372036854775807n],
  ["boolean", "true", true],
  ["boolean", "false", false],
  ["bytes", "00ff", new Uint8Array([0, 255])],
  ["text", "12345678901234567890.10", "12345678901234567890.10"],
  ["text", "", ""],
  ["bigint", null, null],
] as const)("a %s %j is read as %s, and written as it was", (form, text, value) => {
  expect(readValue(form, text)).toEqual(value);
  expect(textOf(form, value)).toBe(text);
});

it.each([
  ["number", 5n, "5"],
  ["number", true, "1"],
  ["bigint", 5, "5"],
  ["text", 5.5, "5.5"],
  ["text", 9007199254740993n, "9007199254740993"],
  ["number", 1e21, "1e+21"],
  ["number", -0, "-0"],
] as const)("a %s takes %s", (form, value, text) => expect(textOf(form, value)).toBe(text));

it.each([
  ["bigint", 2 ** 60, "lost digits"],
  ["text", 2 ** 60, "lost digits"],
  ["text", { a: 1 }, "JSON.stringify"],
  ["text", [1], "JSON.stringify"],
  ["text", new Date(0), "a Date is not taken"],
  ["text", true, "a boolean is not taken"],
  ["text", undefined, "undefined is no value"],
  ["text", () => 1, "function is no value"],
  ["text", new Uint8Array(1), "binary type"],
  ["bytes", "00", "write a Uint8Array"],
] as const)("a %s does not take %s", (form, value, reason) => expect(() => textOf(form, value)).toThrow(reason));
