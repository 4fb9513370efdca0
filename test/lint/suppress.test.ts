import { expect, test } from "vitest";
import { found, lintTexts } from "./support.js";

const DROP = "ALTER TABLE t DROP COLUMN a;";

test("an ignore hides its rules in the next statement and nowhere else", async () => {
  expect(await found([`-- zmigrate:ignore ban-drop-column -- empty\n${DROP}\n${DROP}`])).toEqual(["ban-drop-column@3"]);
});

test("an ignore hides no other rule", async () => {
  const text = `-- zmigrate:ignore ban-drop-column -- empty\nALTER TABLE t DROP COLUMN a, ADD COLUMN b int NOT NULL;`;
  expect(await found([text])).toEqual(["adding-required-field@2"]);
});

test("several rules, and several ignores, may stand before a statement", async () => {
  const statement = "ALTER TABLE t DROP COLUMN a, ADD COLUMN b int NOT NULL;";
  expect(await found([`-- zmigrate:ignore ban-drop-column, adding-required-field -- x\n${statement}`])).toEqual([]);
  expect(
    await found([
      `-- zmigrate:ignore ban-drop-column -- x\n-- zmigrate:ignore adding-required-field -- y\n${statement}`,
    ]),
  ).toEqual([]);
});

test("an ignored finding does not wake the fallback rules", async () => {
  expect(await found(["-- zmigrate:ignore require-concurrent-index-creation -- x\nCREATE INDEX i ON t (a);"])).toEqual(
    [],
  );
});

test("an ignore that finds nothing is an error with its line", async () => {
  const report = await lintTexts(["SELECT 1;\n-- zmigrate:ignore ban-drop-column -- x\nSELECT 2;"]);
  expect(report.unreadable).toBe(true);
  expect(report.findings).toMatchObject([{ rule: "unused-ignore", severity: "error", start: { line: 2, column: 1 } }]);
});

test("an ignore of two rules of which one finds nothing names that one", async () => {
  const report = await lintTexts([`-- zmigrate:ignore ban-drop-column,renaming-column -- x\n${DROP}`]);
  expect(report.findings.map(({ message }) => message)).toEqual([
    '"renaming-column" finds nothing in the next statement',
  ]);
});

test("an ignore of a rule that is switched off is not unused", async () => {
  expect(await found([`-- zmigrate:ignore ban-drop-column -- x\n${DROP}`], { "ban-drop-column": "off" })).toEqual([]);
  expect(await found(["-- zmigrate:ignore ban-drop-column -- x\nSELECT 1;"], { "ban-drop-column": "off" })).toEqual([]);
});

test("a rule that does not exist is an error that suggests one", async () => {
  const report = await lintTexts([`-- zmigrate:ignore ban-drop-colum -- x\n${DROP}`]);
  expect(report.unreadable).toBe(true);
  expect(report.findings).toMatchObject([
    { rule: "bad-directive", message: 'there is no rule "ban-drop-colum"', help: 'Did you mean "ban-drop-column"?' },
    { rule: "ban-drop-column" },
  ]);
});

test("what is wrong with the file itself cannot be ignored", async () => {
  expect(await found([`-- zmigrate:ignore syntax-error -- x\nSELECT 1;`])).toEqual(["bad-directive@1"]);
});

test.each([
  ["before", `-- squawk-ignore ban-drop-column\n${DROP}`, []],
  ["as a block", `/* squawk-ignore ban-drop-column */\n${DROP}`, []],
  ["with several rules", `-- squawk-ignore renaming-table, ban-drop-column\n${DROP}`, []],
  ["inside", "ALTER TABLE t\n-- squawk-ignore ban-drop-column\nDROP COLUMN a;", []],
  ["behind", `${DROP}\n-- squawk-ignore ban-drop-column`, ["ban-drop-column@1"]],
  ["before another statement", `-- squawk-ignore ban-drop-column\nSELECT 1;\n${DROP}`, ["ban-drop-column@3"]],
  ["another rule", `-- squawk-ignore renaming-column\n${DROP}`, ["ban-drop-column@2"]],
  ["the file", `${DROP}\n-- squawk-ignore-file ban-drop-column\n${DROP}`, []],
  ["the file without names", `-- squawk-ignore-file\n${DROP}`, ["ban-drop-column@2"]],
])("squawk's ignore %s", async (_, text, expected) => expect(await found([text])).toEqual(expected));
