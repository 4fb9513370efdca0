import { readFileSync } from "node:fs";
import type { Ajv } from "ajv";
import Draft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { RULES } from "../../../rules/index.js";
import { ruleTexts } from "../../../src/lint/index.js";
import type { LintReport, RuleText } from "../../../src/report/lint/report.js";
import { ruleHelp } from "../../../src/report/lint/rule-help.js";
import { lintSarif } from "../../../src/report/lint/sarif.js";
import { lintTexts } from "../../lint/support.js";
import { HOSTILE, reportOf } from "./support.js";

const ajv = new Draft04.default({ strict: false, unicodeRegExp: false }) as unknown as Ajv;
addFormats.default(ajv as never);
const validate = ajv.compile(
  JSON.parse(readFileSync(new URL("sarif-2.1.0.schema.json", import.meta.url), "utf8")) as object,
);

function sarifOf(report: LintReport) {
  const log = JSON.parse(lintSarif(report));
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  return log.runs[0];
}

test("a log of no finding, of many and of hostile ones is what the schema says", async () => {
  sarifOf(reportOf({}));
  sarifOf(HOSTILE);
  sarifOf(await lintTexts(["SELEC 1;\nALTER TABLE t DROP COLUMN a, DROP COLUMN b;", "CREATE INDEX i ON t (a);"]));
});

test("the schema is really asked", () => {
  expect(validate({ version: "2.1.0", runs: [{}] })).toBe(false);
});

const RULE: RuleText = {
  protects: "Code fails.",
  severity: "warning",
  ignorable: true,
  bad: ["DROP a;", "DROP b;"],
  good: ["SELECT\n1;"],
};

test("every rule is described with help, in text and in markdown, that the schema takes", async () => {
  const texts = ruleTexts(RULES);
  const one = await lintTexts(["DROP TABLE t;"]);
  const findings = [...texts.keys()].flatMap((rule) =>
    one.findings.slice(0, 1).map((finding) => ({ ...finding, rule })),
  );
  const { rules } = sarifOf({ ...one, findings, rules: texts }).tool.driver;
  expect(rules).toHaveLength(texts.size);
  for (const { id, help } of rules) {
    expect(help.text, id).not.toMatch(/undefined|\]\(/);
    expect(help.markdown.split("```").length % 2, id).toBe(1);
  }
});

test("backticks in an example do not end its fence", () => {
  expect(ruleHelp("r", { ...RULE, bad: ["a ``` b"] }).markdown).toContain("````sql\na ``` b\n````");
});

test("a result has its rule, level, place and fingerprint", () => {
  const report = {
    ...reportOf({ "./a b.sql": "DROP TABLE t;" }),
    rules: new Map([["ban-drop-column", RULE]]),
  };
  const { tool, results } = sarifOf(report);
  expect(tool.driver.rules).toEqual([
    {
      id: "ban-drop-column",
      shortDescription: { text: "Code fails." },
      fullDescription: { text: "Code fails." },
      defaultConfiguration: { level: "warning" },
      help: {
        text: "Code fails.\n\nIt speaks about:\n  DROP a;\n  DROP b;\n\nIt is silent about:\n  SELECT\n  1;\n\nWhere you know better:\n  -- zmigrate:ignore ban-drop-column -- why it is safe here",
        markdown:
          "Code fails.\n\n**It speaks about**\n\n```sql\nDROP a;\n```\n\n```sql\nDROP b;\n```\n\n**It is silent about**\n\n```sql\nSELECT\n1;\n```\n\n**Where you know better**\n\n```sql\n-- zmigrate:ignore ban-drop-column -- why it is safe here\n```",
      },
    },
  ]);
  expect(results).toEqual([
    {
      ruleId: "ban-drop-column",
      ruleIndex: 0,
      level: "error",
      message: { text: "It breaks: DROP TABLE t;\nDo it in phases." },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "a%20b.sql" },
            region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 14 },
          },
        },
      ],
      partialFingerprints: { "zmigrate/v1": expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
  ]);
});

test("a fix is the same edit", () => {
  const fix = { edits: [{ start: 13, end: 13, text: " CONCURRENTLY" }] };
  const { results } = sarifOf(reportOf({ "a.sql": "CREATE INDEX i ON t (a);" }, { fix }));
  expect(results[0].fixes[0].artifactChanges[0].replacements).toEqual([
    { deletedRegion: { charOffset: 13, charLength: 0 }, insertedContent: { text: " CONCURRENTLY" } },
  ]);
});

test("a run that could not read a file was no success", async () => {
  expect(sarifOf(await lintTexts(["SELEC 1;"])).invocations).toEqual([{ executionSuccessful: false }]);
});

test("SQL does not become a link", () => {
  expect(sarifOf(reportOf({ "a.sql": "SELECT a[1](2);" })).results[0].message.text).not.toContain("](");
});
