import { beforeAll, describe, expect, it } from "vitest";
import { flatComments } from "../../../../src/engines/postgres/parse/flat-comments.js";
import { loadParser, parsePostgres } from "../../../../src/engines/postgres/parse/index.js";

beforeAll(loadParser);

const long = "/*".repeat(300);
const ends = "*/".repeat(300);

describe("comments inside comments", () => {
  it("lose what begins and ends them, and nothing moves", () => {
    const flat = flatComments(`SELECT 1 ${long} é ${ends} + 2`);
    expect(flat).toBe(`SELECT 1 /*${" ".repeat(598)} é ${" ".repeat(598)}*/ + 2`);
  });

  it("stay as they are in strings, quoted names and short texts", () => {
    const hidden = [`'${long}'`, `E'\\'${long}'`, `"${long}"`, `$a$ ${long} $$ $a$`, `-- ${long}\n`];
    for (const text of hidden) expect(flatComments(`${text} ${long}${ends}`)).toContain(text);
    expect(flatComments("/* /* x */ */")).toBe("/* /* x */ */");
  });

  it("are read as PostgreSQL reads them", () => {
    const { comments, statements, problems } = parsePostgres(`${long} x ${ends} DROP TABLE t;`);
    expect(comments.map((c) => c.text)).toEqual([`${long} x ${ends}`]);
    expect(statements[0]?.operations[0]?.kind).toBe("other");
    expect(problems).toEqual([]);
    expect(parsePostgres(`DROP TABLE t; ${long} x`).problems[0]?.span.start).toBe(14);
  });

  it("take little time, however many they are", { timeout: 120_000 }, () => {
    const count = 40_000;
    const start = process.cpuUsage();
    parsePostgres(`${"/*".repeat(count)} x ${"*/".repeat(count)} SELECT 1;`);
    // As they are written: 30 seconds.
    expect(process.cpuUsage(start).user).toBeLessThan(3_000_000);
  });
});
