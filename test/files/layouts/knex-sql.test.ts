import fc from "fast-check";
import { expect, test } from "vitest";
import { knexSql } from "../../../src/files/layouts/knex-sql.js";

const lines = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

test("the SQL of up is read where it stands, that of down is not", () => {
  const script = `
// knex.raw("DROP TABLE comment")
exports.up = async function (knex) {
  await knex.raw("ALTER TABLE a ADD b int");
  await knex.schema.raw(
    \`ALTER TABLE a
       ADD c int\`, [])
};
exports.down = (knex) => knex.raw("DROP TABLE a");
`;
  const { text, transaction, unread } = knexSql(script);
  expect(lines(text)).toEqual(["ALTER TABLE a ADD b int;", "ALTER TABLE a", "ADD c int;"]);
  expect(text.indexOf("ADD c")).toBe(script.indexOf("ADD c"));
  expect({ transaction, unread }).toEqual({ transaction: "file", unread: [] });
});

test("config asks for no transaction", () => {
  const script =
    'export const config = { transaction: false };\nexport async function up(knex: Knex) { await knex.raw<void>("SELECT 1") }';
  expect(knexSql(script)).toMatchObject({ transaction: "none", unread: [] });
});

test.each([
  ["a variable", "exports.up = (knex) => knex.raw(sql)"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the script that has the template.
  ["a template with a value", "exports.up = (knex) => knex.raw(`SELECT ${a}`)"],
  ["two strings", 'exports.up = (knex) => knex.raw("SELECT " + "1")'],
  ["an escape", "exports.up = (knex) => knex.raw(\"SELECT 'a\\nb'\")"],
  ["the schema builder", "exports.up = (knex) => knex.schema.alterTable('t', (t) => t.dropColumn('a'))"],
  ["the query builder", "exports.up = (knex) => knex('users').del()"],
  ["no up", "module.exports = {}"],
])("%s is a problem, not silence", (_, script) => {
  const { unread } = knexSql(script);
  expect(unread).toHaveLength(1);
});

test("any text is read to its end, and what comes is as long", () => {
  const piece = fc.constantFrom(
    "exports.up = ",
    "knex.raw(",
    "`",
    "${",
    "}",
    '"',
    "'",
    "\\",
    "//",
    "/*",
    "*/",
    "\n",
    "a",
    ")",
    "down(",
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const script = pieces.join("");
      const { text, unread } = knexSql(script);
      expect(text).toHaveLength(script.length);
      for (const { span } of unread) expect(span.end).toBeLessThanOrEqual(script.length);
    }),
  );
});
