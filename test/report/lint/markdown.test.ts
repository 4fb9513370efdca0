import { expect, test } from "vitest";
import { lintMarkdown } from "../../../src/report/lint/markdown.js";
import { HOSTILE, reportOf } from "./support.js";

test("a finding is shown with its SQL, its words and what to do instead", () => {
  const report = reportOf({ "m/a.sql": "DROP TABLE t;" }, { message: "Code that reads `t` fails." });
  expect(lintMarkdown(report)).toBe(`<!-- zmigrate lint -->
## Migration lint

1 file, 1 statement: 1 error, 0 warnings, 0 infos

### \`m/a.sql\`

🔴 **error** \`ban-drop-column\` in line 1

\`\`\`sql
DROP TABLE t;
\`\`\`

Code that reads \`t\` fails\\.

**Instead:** Do it in phases\\.
`);
});

test("without findings one line is left", () => {
  expect(lintMarkdown(reportOf({}))).toContain("0 files, 0 statements: 0 errors");
});

test("names and SQL do nothing but stand there", () => {
  const text = lintMarkdown(HOSTILE);
  const fences = text.match(/^(`{3,})sql\n[\s\S]*?\n\1$/gm) ?? [];
  expect(fences).toHaveLength(2);
  const prose = fences
    .reduce((rest, fence) => rest.replace(fence, ""), text)
    .replace("<!-- zmigrate lint -->", "")
    .replaceAll("<br>", "")
    .replace(/(`+)[^`\n](?:.*?[^`\n])?\1(?!`)/g, "");
  expect(prose).not.toMatch(/[<>@]|(?<!\\)\]\(|:\/\//);
  expect(text).not.toContain("\u001b");
});

test("a report of any size fits into a comment and says what is left out", () => {
  const files = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`${i}.sql`, "SELECT '`<';\n".repeat(40)]));
  const many = lintMarkdown(reportOf(files));
  expect(many.length).toBeLessThan(65_000);
  expect(many).toMatch(/_\d+ more do not fit/);
  const shown = many.match(/🔴/g)?.length ?? 0;
  expect(many).toContain(`_${400 - shown} more`);
  const long = lintMarkdown(reportOf({ [`${"x".repeat(70_000)}.sql`]: "<".repeat(200_000) }));
  expect(long.length).toBeLessThan(65_000);
});
