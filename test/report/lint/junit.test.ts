import { expect, test } from "vitest";
import { lintJunit } from "../../../src/report/lint/junit.js";
import { HOSTILE, reportOf } from "./support.js";

test("a file is a suite, a finding a case that fails", () => {
  const report = reportOf({ "m/a.sql": "DROP TABLE t;" });
  const clean = { ...report, texts: new Map([...report.texts, ["m/b.sql", "SELECT 1;"]]) };
  expect(lintJunit(clean)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="zmigrate lint" tests="2" failures="1" errors="0">
  <testsuite name="m/a.sql" tests="1" failures="1" errors="0">
    <testcase classname="m/a.sql" name="ban-drop-column 1:1"><failure type="error" message="It breaks: DROP TABLE t;">m/a.sql:1:1&#10;It breaks: DROP TABLE t;&#10;Do it in phases.</failure></testcase>
  </testsuite>
  <testsuite name="m/b.sql" tests="1" failures="0" errors="0">
    <testcase classname="m/b.sql" name="no findings"/>
  </testsuite>
</testsuites>
`);
});

test("an info passes, with its words", () => {
  const xml = lintJunit(reportOf({ "a.sql": "x" }, { severity: "info" }));
  expect(xml).toContain('tests="1" failures="0"');
  expect(xml).toContain("<system-out>a.sql:1:1");
});

test("without a file there is an empty report", () => {
  expect(lintJunit(reportOf({}))).toContain('tests="0" failures="0" errors="0">\n</testsuites>');
});

test("names and SQL are text, and nothing stands in it that XML cannot say", () => {
  const xml = lintJunit(HOSTILE);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(xml).not.toMatch(/[\x00-\x08\x0B-\x1F]|\p{Cs}/u);
  const withoutTags = xml.replace(/<\/?(?:testsuites?|testcase|failure)\b(?: \w+="[^"<>]*")*\/?>/g, "");
  expect(withoutTags.replace(/^<\?xml[^>]*\?>/, "")).not.toMatch(/[<>"]|&(?!(?:amp|lt|gt|quot|#10);)/);
});
