import { describe, expect, test } from "vitest";
import { judged } from "./judged.js";

const BASE = "a b c d e f g h i"
  .split(" ")
  .map((name) => `CREATE TABLE ${name} (id bigint PRIMARY KEY, other bigint);`)
  .join(" ");
const add = (table: string, column = "x") => `ALTER TABLE ${table} ADD COLUMN ${column} text;`;
const key = (table: string, to: string) =>
  `ALTER TABLE ${table} ADD CONSTRAINT ${table}_${to} FOREIGN KEY (other) REFERENCES ${to} (id) NOT VALID;`;

async function told(...statements: readonly string[]): Promise<readonly string[]> {
  const findings = await judged([BASE, `BEGIN;\n${statements.join("\n")}\nCOMMIT;`]);
  return findings
    .filter(({ rule }) => rule === "locking-several-tables")
    .map(({ start: { line }, message }) => `${line}: ${message.replace(/.*(waits for .*?):.*?(?= So|$)/, "$1")}`);
}

// Seen on PostgreSQL 18, with others waiting for the table: who has it ACCESS EXCLUSIVE does not wait for a weaker lock on it.
describe("several tables in a transaction", () => {
  test("are told once a statement, whatever it does to them", async () => {
    expect(await told(add("a"), "ALTER TABLE b ADD COLUMN x text, ADD COLUMN y text, ADD COLUMN z text;")).toEqual([
      '3: waits for "b"',
    ]);
  });
  test("are told once a transaction, by their names", async () => {
    expect(await told(add("a"), add("b"), add("c"), add("b", "y"), add("d"))).toEqual([
      '3: waits for "b" So it is with "c" and "d" behind it.',
    ]);
    expect(await told(..."abcdefghi".split("").map((table) => add(table)))).toEqual([
      '3: waits for "b" So it is with "c", "d", "e", "f", "g" and 2 more behind it.',
    ]);
    expect(await told(add("a"), add("b"), "COMMIT; BEGIN;", add("c"), add("d"))).toEqual([
      '3: waits for "b"',
      '6: waits for "d"',
    ]);
  });
  test("leave out those that the transaction has locked as strongly", async () => {
    expect(await told(add("a"), add("b"), key("c", "b"))).toEqual(['3: waits for "b" So it is with "c" behind it.']);
    expect(await told(add("a"), key("b", "c"))).toEqual(['3: waits for "b" and "c"']);
    expect(await told(add("a"), key("b", "a"))).toEqual([]);
  });
  // Seen on PostgreSQL 18: pg_locks has one table, which is locked already.
  test("are one where it gets another name, which is locked under that as well", async () => {
    const rename = "ALTER TABLE a RENAME TO renamed;";
    expect(await told(rename, add("renamed"))).toEqual([]);
    expect(await told(rename, "CREATE VIEW a AS SELECT * FROM renamed;", add("renamed"))).toEqual([]);
    expect(await told(rename, "ALTER TABLE renamed RENAME TO again;", add("again"))).toEqual([]);
    expect(await told(rename, add("b"), add("renamed"))).toEqual(['3: waits for "b"']);
    expect(await told("SAVEPOINT s;", rename, "ROLLBACK TO SAVEPOINT s;", add("b"), add("c"))).toEqual([
      '6: waits for "c"',
    ]);
  });
  test("count for the next one where the first is ignored", async () => {
    const ignored = `-- zmigrate:ignore locking-several-tables -- nobody uses it\n${add("b")}`;
    expect(await told(add("a"), ignored, add("c"), add("d"))).toEqual([
      '5: waits for "c" So it is with "d" behind it.',
    ]);
  });
  test.each([
    ["DROP VIEW v;", "CREATE VIEW v AS SELECT id FROM a;"],
    ["DROP VIEW v;", "ALTER VIEW v_new RENAME TO v;"],
    ["DROP TRIGGER tg ON c;", "CREATE TRIGGER tg BEFORE INSERT ON c FOR EACH ROW EXECUTE FUNCTION f();"],
    ["ALTER TABLE c DROP CONSTRAINT k;", "ALTER TABLE c ADD CONSTRAINT k CHECK (id > 0) NOT VALID;"],
  ])("are not to be committed one by one between %s and %s", async (drop, make) => {
    const base = `${BASE} CREATE VIEW v AS SELECT id FROM a; CREATE VIEW v_new AS SELECT id FROM a;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tg BEFORE INSERT ON c FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE c ADD CONSTRAINT k CHECK (id > 0);`;
    const helps = async (sql: string) =>
      (await judged([base, `BEGIN; ${sql} COMMIT;`]))
        .filter(({ rule }) => rule === "locking-several-tables")
        .map(({ help }) => help)
        .join(" ");
    const inside = `${drop} ALTER TABLE a ALTER COLUMN other TYPE int8;`;
    expect(await helps(`${inside} ${make}`)).toContain("SET LOCAL lock_timeout");
    expect(await helps(`${inside} ${make}`)).not.toContain("Commit");
    expect(await helps(inside)).toContain("Commit between them");
  });
});
