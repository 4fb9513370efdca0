import { describe, expect, test } from "vitest";
import { judged, rules } from "./judged.js";

const base = (check: string) =>
  `CREATE TABLE o (id int PRIMARY KEY, s text, n int, m int, CONSTRAINT c CHECK (${check}));`;
const swapped = (check: string) => `ALTER TABLE o DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (${check}) NOT VALID;`;

// Seen on PostgreSQL 18: INSERTs and UPDATEs of what is left out fail (23514), NOT VALID or not.
describe("a CHECK in the place of another one", () => {
  test.each([
    ["s IN ('a', 'b')", "s IN ('a')", "'b'"],
    ["s IN ('a', 'b', 'it''s')", "s = 'a'", "'b', 'it''s'"],
    ["s = ANY (ARRAY['a'::text, 'b'::text])", "s IN ('a', 'c')", "'b'"],
    ["s = 'a' OR s = 'b'", "s = 'a'", "'b'"],
    ["s IN ('a', 'b')", "s <> 'b'", "'b'"],
    ["s <> 'x'", "s NOT IN ('x', 'y')", "'y'"],
    ["n > 0", "n > 10", "values"],
    ["n BETWEEN 0 AND 100", "n >= 0 AND n < 50", "values"],
    ["length(s) <= 20", "length(s) <= 10", "values"],
  ])("%s: %s refuses %s", async (before, after, values) => {
    const [found] = await judged([base(before), swapped(after)]);
    expect(found?.rule).toBe("narrowing-check");
    expect(found?.message).toContain(`may write ${values}, which "c" allows`);
  });

  test.each([
    ["s IN ('a', 'b')", "s IN ('a', 'b', 'c')"],
    ["s IN ('a', 'b')", "s = ANY (ARRAY['b', 'a'])"],
    ["s IN ('a', 'b')", "s IS NULL OR s IN ('a', 'b')"],
    ["s = 'a' OR s = 'b'", "s IN ('a', 'b')"],
    ["s IN ('a', 'b')", "s <> ''"],
    ["n > 0", "n >= 0"],
    ["n > 0 AND m > 0", "n > 0"],
    ["n BETWEEN 0 AND 10", "n >= 0"],
    ["length(s) <= 10", "LENGTH(o.s) <= 20"],
    ["n > m", "m < n"],
    ["s ~ '^a'", "(s ~ '^a'::text)"],
  ])("%s: %s allows as much", async (before, after) => {
    expect(await rules([base(before), swapped(after)])).toBe("");
  });

  test.each([
    ["s ~ '^a'", "s ~ '^ab'"],
    ["n > 0", "n > 0 AND m > n"],
    ["n > 0", "n % 2 = 0"],
  ])("%s: of %s it is not told", async (before, after) => {
    const [found] = await judged([base(before), swapped(after)]);
    expect(found?.rule).toBe("narrowing-check");
    expect(found?.message).toContain('takes the place of "c"');
  });
});

test("in statements of their own, under another name, in front of the one that goes", async () => {
  const before = base("s IN ('a', 'b')");
  const [drop, add] = ["ALTER TABLE o DROP CONSTRAINT c;", "ALTER TABLE o ADD CONSTRAINT d CHECK (s = 'a') NOT VALID;"];
  expect(await rules([before, `${drop} ${add}`])).toBe("narrowing-check");
  expect(await rules([before, `${add} ${drop}`])).toBe("narrowing-check");
  expect(await rules([before, add])).toBe("narrowing-check");
  expect(await rules([before, `-- zmigrate:phase contract\n${drop} ${add}`])).toBe("");
});

test("a CHECK of something else is no news", async () => {
  const before = base("s IN ('a', 'b')");
  expect(await rules([before, "ALTER TABLE o ADD CONSTRAINT d CHECK (length(s) < 9) NOT VALID;"])).toBe("");
  expect(await rules([before, swapped("n > 0")])).toContain("narrowing-check");
  const other = "ALTER TABLE o DROP CONSTRAINT c, ADD CONSTRAINT d CHECK (n > 0) NOT VALID;";
  expect(await rules([before, other])).toBe("");
});

test("a constraint that no file made may have allowed anything", async () => {
  const [found] = await judged([swapped("s = 'a'")]);
  expect(found?.rule).toBe("narrowing-check");
  expect(found?.message).toContain("Assumed");
});
