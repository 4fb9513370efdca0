import { expect, test } from "vitest";
import { RULES } from "../../rules/index.js";
import { explain } from "../../src/commands/explain.js";
import { INPUT_RULES } from "../../src/lint/input-rules.js";
import { sandbox } from "./support.js";

async function printed(id: string | null): Promise<string> {
  const box = sandbox();
  expect(await explain(id, box.io)).toBe(0);
  box.remove();
  return box.stdout();
}

test.each([...RULES, ...INPUT_RULES].map((rule) => rule.id))("%s is explained", async (id) => {
  expect(await printed(id)).toMatch(new RegExp(`^${id} \\(`));
});

test("a rule's explanation has its sentence, examples and how to ignore it", async () => {
  const text = await printed("renaming-column");
  for (const part of [
    "fails from that moment on.",
    "Finds:",
    "  ALTER TABLE users RENAME COLUMN",
    "Passes:",
    "-- zmigrate:ignore renaming-column -- ",
  ]) {
    expect(text).toContain(part);
  }
});

test("without a name all rules are listed, one a line", async () => {
  expect((await printed(null)).trimEnd().split("\n")).toHaveLength(RULES.length + INPUT_RULES.length);
});

test("an unknown rule is a usage error that suggests one", async () => {
  await expect(printed("renaming-colum")).rejects.toMatchObject({
    code: "usage",
    help: 'Did you mean "renaming-column"?',
  });
});
