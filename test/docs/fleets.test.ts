import { expect, it } from "vitest";
import { checkConfig } from "../../src/config/schema.js";
import { blocksOf } from "./markdown.js";

const FILE = "docs/fleets.md";
const shown = blocksOf(FILE).flatMap((block) => (block.language === "json" ? [block.text] : []));

it.each(shown)("a configuration takes %s", (text) => {
  expect(checkConfig(FILE, JSON.parse(text))).toEqual(JSON.parse(text));
});
