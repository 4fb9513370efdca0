import { readFileSync } from "node:fs";
import { Command } from "commander";
import { expect, it } from "vitest";
import { command } from "../../src/commands/lint.js";
import { readMarks } from "../../src/files/layouts/marks.js";
import { LINT_FORMATS } from "../../src/report/lint/index.js";
import { commandLines, linksOf, tableOf } from "./markdown.js";

const lint = new Command("lint");
command.configure(lint);

it.each(["docs/lint.md", "docs/hooks.md"])("%s names commands and flags that are there", (file) => {
  const lines = commandLines(file);
  expect(lines.length).toBeGreaterThan(0);
  const known = lint.options.map((option) => option.long);
  for (const { text, args } of lines) {
    expect(args[0], text).toBe("lint");
    for (const flag of args.filter((arg) => arg.startsWith("--"))) expect(known, text).toContain(flag);
  }
  for (const link of linksOf(file)) expect(() => readFileSync(`docs/${link}`), link).not.toThrow();
});

it("lists every format", () => {
  const rows = tableOf("docs/lint.md", "| `--format` | for |").map(([format = ""]) => format.replaceAll("`", ""));
  expect(rows).toEqual(Object.keys(LINT_FORMATS));
});

it("tells the marks of other tools as they are read", () => {
  const rows = tableOf("FORMATS.md", "| tool | up | down | not in a transaction |");
  const marked = rows.filter(([, up = ""]) => up.startsWith("from `--"));
  expect(marked.map(([tool]) => tool)).toEqual(["dbmate", "goose", "sql-migrate", "node-pg-migrate"]);
  const mark = (cell = ""): string => /`([^`]+)`/.exec(cell)?.[1] ?? "";
  for (const [tool, up, down, none] of marked) {
    const file = (first: string) => readMarks(`${first}\nSELECT 1;\n${mark(down)}\nSELECT 2;\n`);
    expect(file(mark(up))).toMatchObject({
      runner: { tool, transaction: "file" },
      text: expect.not.stringContaining("2"),
    });
    if (mark(none) === "") continue;
    expect(file(`${mark(none)}\n${mark(up)}`)?.runner, tool).toEqual({ tool, transaction: "none" });
  }
});

it("has a hook that runs the command that is there", () => {
  const hook = readFileSync(".pre-commit-hooks.yaml", "utf8");
  expect(hook).toContain("entry: npx --no-install zmigrate lint\n");
  const [, files = ""] = /^ {2}files: (.*)$/m.exec(hook) ?? [];
  expect("db/migrations/20260101000000_a.sql").toMatch(new RegExp(files));
  expect("src/query.sql").not.toMatch(new RegExp(files));
});
