import { expect, test } from "vitest";
import { lintText } from "../../../src/report/lint/text.js";
import { lintTexts } from "../../lint/support.js";

test("a finding is shown with its source", async () => {
  const report = await lintTexts(["SELECT 1;\nALTER TABLE t\tDROP COLUMN a;\n"]);
  expect(lintText(report, false)).toBe(`error[ban-drop-column] 1.sql:2:1
  2 | ALTER TABLE t DROP COLUMN a;
    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  Running code that names "a" fails, and its data is gone. Assumed: ${assumed(report)}.
  help: Let \`zmigrate plan\` split it: "a" is parked under another name, and dropped when nothing uses it. By hand: put the statement into a file of its own under \`-- zmigrate:phase contract\`.

1 file, 2 statements: 1 error, 0 warnings, 0 infos
`);
});

const assumed = (report: Awaited<ReturnType<typeof lintTexts>>): string =>
  /Assumed: (.*)\.$/.exec(report.findings[0]?.message ?? "")?.[1] ?? "";

test("a finding over several lines is underlined to the end of its first", async () => {
  const text = lintText(await lintTexts(["CREATE INDEX i\n  ON t (a);"]), false);
  expect(text).toContain("  1 | CREATE INDEX i\n    | ^^^^^^^^^^^^^^\n");
});

test("without findings one line is left", async () => {
  expect(lintText(await lintTexts(["SELECT 1;", ""]), false)).toBe(
    "2 files, 1 statement: 0 errors, 0 warnings, 0 infos\n",
  );
});

test("colour is there only when it is asked for, and never comes from the file", async () => {
  const report = await lintTexts(['ALTER TABLE t DROP COLUMN "\u001b[31m\u202e";']);
  for (const hostile of ["\u001b", "\u202e"]) expect(lintText(report, false)).not.toContain(hostile);
  expect(lintText(report, true)).toContain("\u001b[31m");
});
