import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withRule } from "../../scripts/new-rule.js";

const index = readFileSync(new URL("../../rules/index.ts", import.meta.url), "utf8");

test("a new rule gets its line in the order of names, and the rest stays", () => {
  const lines = withRule(index, "banning-things").split("\n");
  expect(lines).toContain('import { rule as banningThings } from "./banning-things.js";');
  const at = lines.indexOf("  banningThings,");
  const [before = "", after = ""] = [lines[at - 1], lines[at + 1]];
  expect([before, "  banningThings,", after].toSorted()).toEqual([before, "  banningThings,", after]);
  expect(lines.filter((l) => !/banning/i.test(l)).join("\n")).toBe(index);
});
