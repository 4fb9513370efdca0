import { expect, test } from "vitest";
import { frameOf } from "../../../src/report/lint/frame.js";
import { widthOf } from "../../../src/report/lint/width.js";
import { reportOf } from "./support.js";

/** The frame of what stands between « and » in a text. */
function frame(marked: string) {
  const text = marked.replace("«", "").replace("»", "");
  const [start, end] = [marked.indexOf("«"), marked.indexOf("»") - 1];
  const place = (offset: number) => {
    const lines = text.slice(0, offset).split("\n");
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  };
  const [finding] = reportOf(
    { "a.sql": text },
    { span: { start, end }, start: place(start), end: place(end) },
  ).findings;
  if (finding === undefined) throw new Error("no finding");
  return frameOf(finding, text);
}

test.each([
  ["plain", "SELECT «1»;", 7, 1],
  ["a tab is one cell", "\t\tSELECT «12»;", 9, 2],
  ["wide characters are two", "SELECT '表名', «'表'»;", 15, 4],
  ["emoji are two", "SELECT '\u{1F600}', «1»;", 13, 1],
  ["a combining mark is none", "SELECT 'e\u0301', «1»;", 12, 1],
  ["a line break ends it", "SELECT «1,\n 2»;", 7, 2],
  ["a carriage return is not shown", "SELECT «1,\r\n 2»;", 7, 2],
  ["nothing is one mark", "SELECT «»1;", 7, 1],
])("%s", (_, marked, indent, length) => {
  const { source, ...found } = frame(marked);
  expect(found).toMatchObject({ indent, length });
  expect(source).not.toMatch(/[\r\n\t]/);
});

test("of a very long line what is around the finding is shown", () => {
  const long = frame(`${"x".repeat(1_000_000)}«DROP TABLE t»${"y".repeat(1_000_000)}`);
  expect(widthOf(long.source)).toBeLessThanOrEqual(161);
  expect(long.source.slice(long.indent, long.indent + long.length)).toBe("DROP TABLE t");
  expect(long.source.startsWith("…")).toBe(true);
  expect(long.source.endsWith("…")).toBe(true);
});

test("a very long finding is cut", () => {
  const long = frame(`SELECT «${"表".repeat(500_000)}»;`);
  expect(widthOf(long.source)).toBeLessThanOrEqual(161);
  expect(long.length).toBeLessThanOrEqual(160);
});
