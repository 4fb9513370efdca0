import { describe, expect, it } from "vitest";
import { constantOf, isSureToFail, isSureToHold } from "../../src/engines/constant-condition.js";

describe("a constant", () => {
  it.each([
    ["'it''s'", "it's"],
    ["('a'::character varying)", "a"],
    ["-1", -1],
    ["(0.50)", 0.5],
    ["NULL", null],
    ["now()", null],
    ["'a' || 'b'", null],
    ["", null],
  ])("%s", (text, value) => expect(constantOf(text)).toBe(value));
});

describe("a condition that a constant of column a", () => {
  it.each([
    ["a <> ''", ""],
    ["`A` NOT IN ('x', 'y')", "x"],
    ["\"a\" = 'open' OR a = 'closed'", "new"],
    ["(length((a)::text) > 0)", ""],
    ["char_length(trim(a)) BETWEEN 1 AND 9", "  "],
    ["a > 0 AND b > 0", 0],
    ["NOT (a = 0)", 0],
    ["(a) >= (1) AND ((a) < 5)", 0],
    ["a NOT BETWEEN -1 AND 1", 0],
    ["a IS NULL", 0],
    ["((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))", "z"],
    ["a = ANY (ARRAY['x', 'y'])", "z"],
  ])("does not meet for certain: %s", (condition, value) => expect(isSureToFail(condition, "a", value)).toBe(true));

  it.each([
    ["a <> ''", "x"],
    ["a = 'A'", "a"],
    ["a <> 'x'", "x "],
    ["a > b", 0],
    ["a > 0 OR b IS NULL", 0],
    ["a > lower(b)", 0],
    ["a > '0'", 0],
    ["b > 0", 0],
    ["b IS NULL", 0],
    ["a > 0 ??", 0],
    ["CASE WHEN a > 0 THEN true END", 0],
    ["a > 0 IS NOT TRUE", 0],
    ["(a > 0) = (b > 0)", 0],
    ["a < 'b'", "c"],
    ["a = ANY (ARRAY['x', 'y'])", "y"],
    ["a = ANY (ARRAY['x', b])", "y"],
    ["a ~ '^x'", "y"],
  ])("may meet: %s", (condition, value) => expect(isSureToFail(condition, "a", value)).toBe(false));
});

describe("a condition that column a meets for certain", () => {
  it.each([
    ["a > 0", 1],
    ["a > 0 AND a < 10", 1],
    ["a IN ('x', 'y')", "x"],
    ["length(a) BETWEEN 1 AND 3", "a"],
    ["json_valid(`a`)", "{}"],
    ["json_valid(a)", null],
    ["a > 0", null],
    ["a IN (1, 2)", null],
    ["NOT (a > 5)", null],
    ["a > 0 OR a IS NULL", null],
  ])("%s", (condition, value) => expect(isSureToHold(condition, "a", value)).toBe(true));

  it.each([
    ["a > 0", 0],
    ["a > b", 1],
    ["json_valid(a)", "{"],
    ["a IS NOT NULL", null],
    ["NOT (a IS NULL)", null],
    ["a <=> 1", null],
    ["coalesce(a, 0) > 0", null],
    ["a > 0 AND b > 0", null],
    ["a > 0 AND 1 = 2", null],
  ])("but not %s", (condition, value) => expect(isSureToHold(condition, "a", value)).toBe(false));
});
