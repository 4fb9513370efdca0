import { createConnection } from "mysql2/promise";
import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { judged, rules } from "./judged.js";

const TABLES = [
  "CREATE TABLE orgs (id bigint PRIMARY KEY, n int)",
  "CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint, age int, CONSTRAINT f FOREIGN KEY (org_id) REFERENCES orgs (id) ON DELETE CASCADE)",
];
const BASE = `${TABLES.join(";\n")};`;
const OFF = (sql: string) => `SET FOREIGN_KEY_CHECKS = 0;\n${sql};\nSET FOREIGN_KEY_CHECKS = 1;`;
const UNCHECKED = "unchecked-foreign-key";

describe.each(["mysql", "mariadb"] as const)("%s: foreign_key_checks off", (engine) => {
  test.each([
    "DELETE FROM orgs WHERE id = 3",
    "INSERT INTO users VALUES (1, 999, 3)",
    "INSERT INTO users (id, org_id) VALUES (1, 999)",
    "UPDATE users SET org_id = 999 WHERE id = 1",
    "UPDATE orgs SET id = 9 WHERE id = 3",
    "REPLACE INTO orgs VALUES (3, 1)",
  ])("%s may leave rows that point nowhere", async (sql) => {
    const said = await judged([BASE, OFF(sql)], engine);
    expect(said.filter(({ rule }) => rule === UNCHECKED)).toHaveLength(1);
    expect(said.find(({ rule }) => rule === UNCHECKED)?.help).toContain("LEFT JOIN `orgs` p ON c.`org_id` = p.`id`");
  });

  test.each([
    "INSERT INTO users (id, age) VALUES (1, 2)",
    "DELETE FROM users WHERE id = 3",
    "UPDATE users SET age = 3 WHERE id = 1",
    "UPDATE orgs SET n = 9 WHERE id = 3",
    "INSERT INTO orgs VALUES (9, 1)",
  ])("%s leaves none", async (sql) => {
    expect(await rules([BASE, OFF(sql)], engine)).not.toContain(UNCHECKED);
  });

  test("a column of the same file is NULL in every row", async () => {
    const add = "ALTER TABLE users ADD COLUMN boss bigint NULL";
    const key = "ADD CONSTRAINT g FOREIGN KEY (boss) REFERENCES orgs (id)";
    const said = (...sql: string[]) => rules([BASE, sql.join(";\n")], engine);
    expect(await said(add, "ALTER TABLE users ADD INDEX b (boss)", OFF(`ALTER TABLE users ${key}`))).toBe("");
    expect(await said(OFF(`${add}, ${key}`))).not.toContain(UNCHECKED);
    expect(await said(add, "UPDATE users SET boss = 3 WHERE id = 1", OFF(`ALTER TABLE users ${key}`))).toContain(
      UNCHECKED,
    );
    expect(await said(add, "CALL fill()", OFF(`ALTER TABLE users ${key}`))).toContain(UNCHECKED);
    const full = add.replace("NULL", "NOT NULL DEFAULT 7");
    expect(await said(full, OFF(`ALTER TABLE users ${key}`))).toContain(UNCHECKED);
    expect(await rules([`${BASE} ${add};`, OFF(`ALTER TABLE users ${key}`)], engine)).toContain(UNCHECKED);
  });

  test("a dump fills the tables that it makes", async () => {
    const dump = `SET FOREIGN_KEY_CHECKS = 0; ${BASE} INSERT INTO users VALUES (1, 1, 1); INSERT INTO orgs VALUES (1, 1);`;
    expect(await rules(["", dump], engine)).toBe("");
  });
});

describe.each(["mysql", "mariadb"] as const)("%s: DROP FOREIGN KEY", (engine) => {
  const key = (actions: string) => `ADD CONSTRAINT g FOREIGN KEY (org_id) REFERENCES orgs (id) ${actions}`;
  const said = (change: string, base = BASE) => rules([base, `ALTER TABLE users ${change};`], engine);

  test("takes its action away, unless the statement gives it to another one", async () => {
    expect(await said("DROP FOREIGN KEY f")).toBe("dropping-safeguard");
    expect(await said(`DROP FOREIGN KEY f, ${key("")}`)).toContain("dropping-safeguard");
    expect(await said(`DROP FOREIGN KEY f, ${key("ON DELETE SET NULL")}`)).toContain("dropping-safeguard");
    expect(await said(`DROP FOREIGN KEY f, ${key("ON DELETE CASCADE")}`)).not.toContain("dropping-safeguard");
    expect(await said("DROP FOREIGN KEY f", BASE.replace("CASCADE", "RESTRICT"))).toBe("");
  });

  describeServer(engine, (server) => {
    test("rows stay and point nowhere, with the checks off and behind the key", async () => {
      const db = await server.createDatabase("keys");
      for (const sql of TABLES) await query(db.url, sql);
      await query(db.url, "INSERT INTO orgs VALUES (1, 1), (2, 2)");
      await query(db.url, "INSERT INTO users VALUES (1, 1, 1), (2, 2, 2)");
      const session = await createConnection({ uri: db.url });
      for (const sql of OFF("DELETE FROM orgs WHERE id = 1").split(";\n")) await session.query(sql);
      session.destroy();
      await query(db.url, "ALTER TABLE users DROP FOREIGN KEY f");
      await query(db.url, "DELETE FROM orgs WHERE id = 2");
      expect(await query(db.url, "SELECT id, org_id FROM users")).toEqual([
        { id: 1, org_id: 1 },
        { id: 2, org_id: 2 },
      ]);
      await db.drop();
    });
  });
});

/** The new type of a column that a key is over, of a varchar(100) or another one, and how the server refuses it. */
type Retyped = readonly [from: string, to: string, checked: boolean, unchecked: boolean];
const RETYPED: readonly Retyped[] = [
  ["varchar(100)", "varchar(150)", true, true],
  ["varbinary(16)", "varbinary(40)", true, true],
  ["varchar(50)", "varchar(100)", false, true],
  ["varchar(100)", "varchar(90)", false, true],
  ["char(36)", "char(40)", false, true],
  ["char(36)", "char(36) CHARACTER SET latin1", false, true],
  ["decimal(8,2)", "decimal(10,2)", false, true],
  ["int", "bigint", false, false],
  ["date", "datetime", false, false],
];

describe.each(["mysql", "mariadb"] as const)("%s: MODIFY of a foreign key's column", (engine) => {
  const made = (type: string) => [
    `CREATE TABLE p (a ${type} NOT NULL PRIMARY KEY) DEFAULT CHARSET=utf8mb4`,
    `CREATE TABLE c (id int PRIMARY KEY, a ${type} NOT NULL, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (a)) DEFAULT CHARSET=utf8mb4`,
  ];
  const changes = (to: string) => ["p", "c"].map((table) => `ALTER TABLE ${table} MODIFY a ${to} NOT NULL`);
  const taken = ([, , checked, unchecked]: Retyped, checks: number) =>
    engine === "mysql" && (checks === 1 ? checked : unchecked);

  test.each(RETYPED)("%s to %s", async (...retyped) => {
    const [from, to] = retyped;
    for (const checks of [1, 0])
      for (const sql of changes(to)) {
        const said = await judged([`${made(from).join(";")};`, `SET foreign_key_checks = ${checks};\n${sql};`], engine);
        const refused = said.some(({ message }) => message.includes("it is refused (1832, 1833, 3780)"));
        expect([sql, checks, refused]).toEqual([sql, checks, !taken(retyped, checks)]);
      }
  });

  describeServer(engine, (server) => {
    test("does what is said of it", async () => {
      const db = await server.createDatabase("retyped");
      const session = await createConnection({ uri: db.url });
      for (const retyped of RETYPED)
        for (const checks of [1, 0])
          for (const sql of changes(retyped[1])) {
            for (const each of [...made(retyped[0]), `SET foreign_key_checks = ${checks}`]) await session.query(each);
            const code = await session.query(sql).then(
              () => null,
              (error: { errno?: number }) => error.errno,
            );
            expect([sql, checks, code]).toEqual([
              sql,
              checks,
              taken(retyped, checks) ? null : expect.toBeOneOf([1832, 1833, 3780]),
            ]);
            for (const each of ["SET foreign_key_checks = 1", "DROP TABLE c", "DROP TABLE p"])
              await session.query(each);
          }
      session.destroy();
      await db.drop();
    });
  });
});
