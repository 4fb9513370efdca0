import { expect, test } from "vitest";
import { lintJson } from "../../../src/report/lint/json.js";
import { lintTexts } from "../../lint/support.js";

test("the keys are those that others build on", async () => {
  const report = await lintTexts([
    "SELECT 1;\n  ALTER TABLE t DROP COLUMN a;\nCREATE UNIQUE INDEX CONCURRENTLY i ON t (a);",
  ]);
  const text = lintJson(report);
  expect(text.endsWith("}\n")).toBe(true);
  expect(JSON.parse(text)).toEqual({
    version: 1,
    findings: [
      {
        rule: "ban-drop-column",
        severity: "error",
        file: "1.sql",
        line: 2,
        column: 3,
        endLine: 2,
        endColumn: 30,
        message: expect.any(String),
        help: expect.any(String),
        operation: "drop-column",
      },
      expect.objectContaining({ rule: "adding-unique-index", severity: "info", line: 3 }),
    ],
    summary: { files: 1, statements: 3, errors: 1, warnings: 0, infos: 1 },
  });
});

test("a syntax error is a finding too", async () => {
  const { findings } = JSON.parse(lintJson(await lintTexts(["SELEC 1;"])));
  expect(findings).toMatchObject([{ rule: "syntax-error", severity: "error", line: 1, column: 1, operation: "none" }]);
});
