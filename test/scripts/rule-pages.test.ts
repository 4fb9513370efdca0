import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rulePages } from "../../scripts/rule-pages.js";

const folder = new URL("../../docs/rules/", import.meta.url);

test("docs/rules is what `npm run docs` writes", async () => {
  const pages = await rulePages();
  expect(readdirSync(folder).toSorted()).toEqual([...pages.keys()].toSorted());
  for (const [name, text] of pages) expect(readFileSync(new URL(name, folder), "utf8"), name).toBe(text);
});
