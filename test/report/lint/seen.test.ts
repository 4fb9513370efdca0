import { expect, test } from "vitest";
import type { Traced } from "../../../src/model/trace.js";
import { lintJson } from "../../../src/report/lint/json.js";
import { lintMarkdown } from "../../../src/report/lint/markdown.js";
import { lintText } from "../../../src/report/lint/text.js";
import { reportOf } from "./support.js";

const SQL = "ALTER TABLE t ALTER a TYPE bigint";

function traced(more: Partial<Traced>) {
  const statement: Traced = {
    file: "a.sql",
    span: { start: 0, end: SQL.length },
    start: { line: 1, column: 1 },
    sql: SQL,
    locks: [{ relation: "public.t", mode: "ACCESS EXCLUSIVE" }],
    rewrites: ["public.t"],
    scans: ["public.t"],
    note: null,
    ...more,
  };
  return { ...reportOf({ "a.sql": SQL }), trace: { server: "PostgreSQL 18.6", statements: [statement] } };
}

const SEEN = "PostgreSQL 18.6: ACCESS EXCLUSIVE on public.t; rewrites public.t; scans public.t";

test("what was seen stands beside the finding", () => {
  expect(lintText(traced({}), false)).toContain(`  seen: ${SEEN}\n`);
  expect(lintMarkdown(traced({}))).toContain("**Seen** on PostgreSQL 18\\.6: ACCESS EXCLUSIVE on public\\.t;");
  expect(JSON.parse(lintJson(traced({}))).trace).toEqual({
    server: "PostgreSQL 18.6",
    statements: [
      {
        file: "a.sql",
        line: 1,
        column: 1,
        locks: [{ relation: "public.t", mode: "ACCESS EXCLUSIVE" }],
        rewrites: ["public.t"],
        scans: ["public.t"],
      },
    ],
  });
});

test("a statement that nobody waits for", () => {
  expect(lintText(traced({ locks: [], rewrites: [], scans: [] }), false)).toContain("no lock on what was there before");
});

test("what was not seen is said, beside the finding and without one", () => {
  const note = "it refuses to run in a transaction";
  const unseen = traced({ note });
  expect(lintText(unseen, false)).toContain(`seen: PostgreSQL 18.6: ${note}`);
  expect(lintText({ ...unseen, findings: [] }, false)).toContain(`Not seen on PostgreSQL 18.6:\n  a.sql:1:1 ${note}\n`);
  expect(JSON.parse(lintJson(unseen)).trace.statements[0].note).toBe(note);
});

test("without a trace nothing is said of it", () => {
  expect(lintText(reportOf({ "a.sql": SQL }), false)).not.toMatch(/seen/i);
  expect(JSON.parse(lintJson(reportOf({ "a.sql": SQL })))).not.toHaveProperty("trace");
});
