import { expect, test } from "vitest";
import { readMarks } from "../../../src/files/layouts/marks.js";

const UP = "ALTER TABLE t ADD a int;";
const DOWN = "ALTER TABLE t DROP a;";

test.each([
  ["dbmate", "file", `-- migrate:up\n${UP}\n-- migrate:down\n${DOWN}\n`],
  ["dbmate", "none", `-- migrate:up transaction:false\n${UP}\n-- migrate:down transaction:false\n${DOWN}\n`],
  ["dbmate", "file", `-- migrate:up\n${UP}\n-- migrate:down transaction:false\n${DOWN}\n`],
  ["goose", "file", `-- +goose Up\n-- +goose StatementBegin\n${UP}\n-- +goose StatementEnd\n-- +goose Down\n${DOWN}\n`],
  ["goose", "none", `-- +goose NO TRANSACTION\n-- +goose Up\n${UP}\n-- +goose Down\n${DOWN}`],
  ["goose", "file", `-- +goose Down\n${DOWN}\n-- +goose Up\n${UP}`],
  ["sql-migrate", "none", `-- +migrate Up notransaction\n${UP}\n-- +migrate Down\n${DOWN}`],
  ["node-pg-migrate", "file", `-- Up Migration\n${UP}\n\n-- Down Migration\n${DOWN}`],
  ["Atlas", "none", `-- atlas:txmode none\n\n${UP}`],
  ["Atlas", "file", `-- atlas:txmode file\n\n${UP}`],
  ["Drizzle", "file", `${UP}\n--> statement-breakpoint\nSELECT 1`],
])("%s, transaction %s", (tool, transaction, text) => {
  const marked = readMarks(text);
  expect(marked?.runner).toEqual({ tool, transaction });
  expect(marked?.text).toHaveLength(text.length);
  expect(marked?.text).toContain(UP);
  expect(marked?.text).not.toContain("DROP");
  // Each thing stays in its line and column.
  expect(marked?.text.indexOf(UP)).toBe(text.indexOf(UP));
  expect(marked?.text.split("\n")).toHaveLength(text.split("\n").length);
});

test.each([
  ["plain SQL", UP],
  ["prose about a migration", `-- Up migration of the users\n${UP}`],
  ["prose about a down migration", `-- Down migration: see the wiki\n${DOWN}`],
  ["a way down without a way up", `-- migrate:down\n${DOWN}`],
])("%s is left as it is", (_, text) => expect(readMarks(text)).toBeNull());

test("what stands before the first mark does not pass unseen", () => {
  expect(readMarks(`${UP}\n-- migrate:up\nSELECT 1;\n-- migrate:down\n${DOWN}`)?.text).toContain(UP);
});

test("a breakpoint ends a statement for every engine", () => {
  expect(readMarks("SELECT 1\n--> statement-breakpoint\nSELECT 2")?.text).toBe(
    `SELECT 1\n;${" ".repeat("--> statement-breakpoint".length - 1)}\nSELECT 2`,
  );
});

test.each(["goose", "migrate"])("a block of %s ends a statement, with a semicolon or without", (tool) => {
  const [begin, end] = [`-- +${tool} StatementBegin`, `-- +${tool} StatementEnd`];
  const block = (...lines: string[]) => [begin, ...lines, end].join("\n");
  const mark = `;${" ".repeat(end.length - 1)}`;
  const text = readMarks(
    [
      `-- +${tool} Up`,
      block("SELECT 1"),
      block("SELECT 2;", "-- two"),
      block("SELECT 3 -- three;"),
      block(),
      `-- +${tool} Down`,
      block("DROP TABLE t"),
    ].join("\n"),
  )?.text;
  const [up] = text?.split(/\n(?= *$)/m) ?? [];
  expect(up).toBe(
    [
      `-- +${tool} Up`,
      begin,
      "SELECT 1",
      mark,
      block("SELECT 2;", "-- two"),
      begin,
      "SELECT 3 -- three;",
      mark,
      block(),
    ].join("\n"),
  );
  expect(text).not.toContain("DROP");
});
