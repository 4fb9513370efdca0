import { expect, test } from "vitest";
import { lintGithub } from "../../../src/report/lint/github.js";
import { HOSTILE, reportOf } from "./support.js";

test("a finding is one workflow command, and a line counts them", () => {
  expect(lintGithub(reportOf({ "m/a.sql": "DROP TABLE t;" }))).toBe(
    "::error file=m/a.sql,line=1,endLine=1,col=1,endColumn=14,title=ban-drop-column::It breaks: DROP TABLE t;%0ADo it in phases.\n1 file, 1 statement: 1 error, 0 warnings, 0 infos\n",
  );
});

test.each([
  ["warning", "::warning "],
  ["info", "::notice "],
] as const)("%s is %s", (severity, start) => {
  expect(lintGithub(reportOf({ "a.sql": "x" }, { severity })).startsWith(start)).toBe(true);
});

test("over several lines there are no columns: GitHub refuses them", () => {
  const text = lintGithub(reportOf({ "a.sql": "x" }, { end: { line: 3, column: 2 } }));
  expect(text).toContain("line=1,endLine=3,title=");
});

test("names and SQL cannot end a property, a command or a line", () => {
  const [first = "", second = "", ...rest] = lintGithub(HOSTILE).trimEnd().split("\n");
  expect(first).toContain("file=migrations/a%2C b%3Ac%25%0A%3A%3Aerror%3A%3A");
  expect([first, second].every((line) => /^::error [^\n]*?::[^\n]*$/.test(line))).toBe(true);
  expect(rest).toHaveLength(1);
  expect(first).not.toContain("\u001b");
});
