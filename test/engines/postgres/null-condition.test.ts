import { beforeAll, describe, expect, it } from "vitest";
import { asksForNull } from "../../../src/engines/postgres/null-condition.js";
import { loadParser } from "../../../src/engines/postgres/parse/index.js";

beforeAll(loadParser);

describe("a condition that asks for NULL", () => {
  it.each([
    ["b IS NULL", true],
    ["a > 0 AND t.b IS NULL", true],
    ["(a = 1 OR a = 2) AND (c AND b IS NULL)", true],
    ["u.b IS NULL", false],
    ["b IS NOT NULL", false],
    ["a = 1 OR b IS NULL", false],
    ["NOT (b IS NULL)", false],
    ["coalesce(b, 1) IS NULL", false],
    ["TRUE", false],
  ])("%s: %s", (condition, asks) => expect(asksForNull(condition, "b", "t")).toBe(asks));
});
