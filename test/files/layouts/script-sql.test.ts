import fc from "fast-check";
import { expect, test } from "vitest";
import { scriptSql } from "../../../src/files/layouts/script-sql.js";

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
  const { text, runner, unread } = scriptSql(script);
  expect(lines(text)).toEqual(["ALTER TABLE a ADD b int;", "ALTER TABLE a", "ADD c int;"]);
  expect(text.indexOf("ADD c")).toBe(script.indexOf("ADD c"));
  expect({ runner, unread }).toEqual({ runner: { tool: "Knex", transaction: "file" }, unread: [] });
});

test("config asks for no transaction", () => {
  const script =
    'export const config = { transaction: false };\nexport async function up(knex: Knex) { await knex.raw<void>("SELECT 1") }';
  expect(scriptSql(script)).toMatchObject({ runner: { transaction: "none" }, unread: [] });
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
  const { unread } = scriptSql(script);
  expect(unread).toHaveLength(1);
});

const CLASS = `import { MigrationInterface, QueryRunner } from "typeorm";
export class AddAge1700000000000 implements MigrationInterface {
  name = "AddAge1700000000000";
  transaction = false;
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`ALTER TABLE \\\`a\\\` ADD b int\`);
    await queryRunner.manager.query('COMMENT ON TABLE a IS \\'x\\'', []);
    BODY
  }
  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`DROP TABLE a\`);
  }
}
`;

test("a class of TypeORM: quotes behind backslashes, and what stands for BEGIN and COMMIT", () => {
  const body = "await queryRunner.commitTransaction(); await queryRunner.startTransaction();";
  const { text, runner, unread } = scriptSql(CLASS.replace("BODY", body));
  expect(lines(text)).toEqual([
    "ALTER TABLE  `a`  ADD b int;",
    "COMMENT ON TABLE a IS  'x' ;",
    expect.stringMatching(/^COMMIT; +BEGIN;$/),
  ]);
  expect({ runner, unread }).toEqual({ runner: { tool: "TypeORM", transaction: "none" }, unread: [] });
});

test.each([
  ["its builder", 'await queryRunner.dropColumn("a", "b");', "TypeORM makes"],
  ["what it saves", "await queryRunner.manager.save(users);", "TypeORM makes"],
  ["SQL that is built", "await queryRunner.query(sql);", "put together"],
  ["a name that a quote in it would end", "await queryRunner.query('SELECT \"it\\'s\"');", "put together"],
  ["other code", "await this.seed(queryRunner);", "handed the connection"],
])("a class of TypeORM: %s is a problem", (_, body, words) => {
  const { unread } = scriptSql(CLASS.replace("BODY", body));
  expect(unread).toMatchObject([{ message: expect.stringContaining(words) }]);
});

test.each([
  "exports.up = async (knex) => { await knex.transaction(async (trx) => { await trx.raw('SELECT 1'); trx.commit(); }); };",
  "exports.up = (knex, Promise) => knex.raw('SELECT 1').transacting(knex).then(() => knex.schema.raw('SELECT 2'));",
  "exports.up = async function (knex) {\n};",
  "module.exports = { up: async (queryInterface, Sequelize) => { await queryInterface.sequelize.query('SELECT 1'); } };",
  "export const up: Migration = async (db) => db.raw('SELECT 1');",
])("all of %j is understood", (script) => {
  expect(scriptSql(script).unread).toEqual([]);
});

test.each([
  ["a builder behind raw", "exports.up = (knex) => knex.schema.raw('SELECT 1').dropTable('t');"],
  ["a builder in a transaction", "exports.up = (k) => k.transaction((trx) => trx('t').del());"],
  [
    "a transaction in a variable",
    "exports.up = async (k) => { const trx = await k.transaction(); await trx.schema.dropTable('t'); };",
  ],
  ["a builder of another name", "exports.up = (db) => db('t').del();"],
  ["a function of another name", "exports.up = migrate;"],
  ["a handle that is unpacked", "exports.up = ({ context }) => context.dropTable('t');"],
  ["Sequelize", "module.exports = { up: async (queryInterface) => { await queryInterface.removeColumn('t', 'a'); } };"],
])("%s is not passed over", (_, script) => {
  expect(scriptSql(script).unread).toHaveLength(1);
});

test("Sequelize has no transaction around a script, and one that the script begins is not followed", () => {
  const script = (body: string) => `module.exports = { up: async (queryInterface) => { ${body} } };`;
  const { text, runner } = scriptSql(script("await queryInterface.sequelize.query('SELECT 1');"));
  expect([text.trim(), runner]).toEqual(["SELECT 1;", { tool: "Sequelize", transaction: "none" }]);
  const own = script("await queryInterface.sequelize.transaction((t) => work(t));");
  expect(scriptSql(own).unread).toMatchObject([{ message: expect.stringContaining("Sequelize makes") }]);
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
      const { text, unread } = scriptSql(script);
      expect(text).toHaveLength(script.length);
      for (const { span } of unread) expect(span.end).toBeLessThanOrEqual(script.length);
    }),
  );
});
