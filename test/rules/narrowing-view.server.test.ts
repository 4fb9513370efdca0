import { describe, expect, test } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { EngineName } from "../../src/engines/engine.js";
import { describeServer, query } from "../servers/index.js";
import { allRules, judged, rules } from "./judged.js";

const ENGINES = ["postgres", "mysql", "mariadb"] as const;
const TABLES = [
  "CREATE TABLE users (id int PRIMARY KEY, mail varchar(50), nick varchar(50), age int)",
  "CREATE TABLE archive (id int PRIMARY KEY, body varchar(50))",
];
const HIDING = "SELECT id, mail FROM users WHERE nick IS NULL";

const said = async (engine: EngineName, before: string, after: string): Promise<string> => {
  const files = [`${TABLES.join("; ")}; CREATE VIEW v AS ${before};`, `CREATE OR REPLACE VIEW v AS ${after};`];
  const found = (await judged(files, engine)).filter(({ rule }) => rule === "narrowing-view");
  return found.map(({ message }) => message).join(" ");
};

describe.each(ENGINES)("%s: a view that is replaced by one that shows fewer rows", (engine) => {
  test.each([
    ["SELECT id, mail FROM users WHERE nick IS NULL AND age > 3", "a condition is there that was not"],
    ["SELECT id, mail FROM users WHERE nick IS NOT NULL", "a condition is there that was not"],
    ["SELECT DISTINCT id, mail FROM users WHERE nick IS NULL", "DISTINCT makes one row"],
    ["SELECT id, max(mail) AS mail FROM users WHERE nick IS NULL GROUP BY id", "GROUP BY, or an aggregate"],
    ["SELECT max(id) AS id, max(mail) AS mail FROM users WHERE nick IS NULL", "GROUP BY, or an aggregate"],
    ["SELECT id, mail FROM users WHERE nick IS NULL LIMIT 10", "LIMIT leaves out"],
    ["SELECT id, mail FROM users WHERE nick IS NULL LIMIT 1000 OFFSET 1", "OFFSET leaves out"],
    ["SELECT id, body AS mail FROM archive", "its rows are those of archive, and no longer of users"],
    ["SELECT u.id, mail FROM users u, archive a WHERE nick IS NULL", "archive is joined"],
    ["SELECT u.id, mail FROM users u JOIN archive a ON a.id = u.id WHERE nick IS NULL", "archive is joined"],
    ["SELECT 1 AS id, 'x' AS mail", "it reads nothing of users any more"],
    ["SELECT id, mail FROM users WHERE nick IS NULL UNION SELECT id, body FROM archive", "UNION without ALL"],
    ["SELECT id, mail FROM users WHERE age < 3 UNION ALL SELECT id, body FROM archive", "none of the queries"],
  ])("%s", async (after, why) => {
    expect(await said(engine, HIDING, after)).toContain(why);
  });

  test.each([
    [HIDING, 'select u."id", (u.mail) from users as u where (u.nick is null)'],
    [HIDING, "SELECT id, mail FROM users"],
    [HIDING, "SELECT id, mail, age FROM users WHERE NULL IS NULL OR nick IS NULL"],
    [
      "SELECT id FROM users WHERE age < 30 AND nick = 'x'",
      "SELECT id FROM users WHERE age <= 40 AND nick IN ('y', 'x')",
    ],
    [
      "SELECT id FROM users WHERE age BETWEEN 1 AND 3 AND id > 5",
      "SELECT id FROM users WHERE id > 5 AND age BETWEEN 1 AND 3",
    ],
    ["SELECT DISTINCT age FROM users LIMIT 5", "SELECT age FROM users LIMIT 10"],
    ["SELECT age FROM users GROUP BY age", "SELECT u.age FROM users u GROUP BY 1"],
    [
      "SELECT id FROM users UNION ALL SELECT id FROM archive",
      "SELECT id FROM archive UNION ALL SELECT u.id FROM users u",
    ],
    [
      "SELECT u.id, body FROM users u JOIN archive a ON a.id = u.id",
      "SELECT x.id, b.body FROM archive b JOIN users x ON x.id = b.id",
    ],
    [
      "SELECT DISTINCT u.id, body FROM users u JOIN archive a ON a.id = u.id",
      "SELECT u.id, body FROM users u LEFT JOIN archive a ON a.id = u.id",
    ],
    ["SELECT DISTINCT id FROM users", "SELECT x.id FROM (SELECT id FROM users) x"],
    ["SELECT DISTINCT id FROM users", "WITH x AS (SELECT id FROM users) SELECT DISTINCT id FROM x"],
    ["SELECT * FROM users", "SELECT id, mail, nick, age FROM users"],
  ])("not: %s, then %s", async (before, after) => {
    const quoted = engine === "postgres" ? after : after.replaceAll('"', "`");
    expect(await said(engine, before, quoted)).toBe("");
  });

  const inner = (more: string) => `SELECT id, mail FROM (SELECT id, mail, age FROM users ${more}) s WHERE s.age > 5`;
  const named = (more: string) => `WITH x AS (SELECT id, mail, age FROM users ${more}) SELECT id, mail FROM x`;
  const both = (how: string) => `SELECT id, 'u' AS k FROM users ${how} SELECT id, 'a' AS k FROM archive`;
  const of = (query: string) => `SELECT id, k FROM (${query}) z`;
  const asked = (how: string, where: string) =>
    `SELECT id FROM users WHERE ${how} (SELECT a.id FROM archive a WHERE ${where})`;
  const counted = (to: number) =>
    `WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < ${to}) SELECT n FROM r`;
  const joined = (how: string, more: string) =>
    `SELECT u.id, s.body FROM users u ${how} (SELECT id, body FROM archive ${more}) s ON s.id = u.id`;
  const largest = (more: string) =>
    `SELECT u.id, s.most FROM users u JOIN (SELECT id, max(body) AS most FROM archive ${more} GROUP BY id) s ON s.id = u.id`;
  const numbered = (by: string) =>
    `SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY ${by} ORDER BY id) AS n FROM users) r WHERE r.n = 1`;
  const chained = (first: string, second: string) =>
    `WITH a AS (SELECT id, age FROM users WHERE age > ${first}), b AS (SELECT id FROM a WHERE age < ${second}) SELECT id FROM b`;

  test.each([
    [inner(""), inner("WHERE nick IS NOT NULL"), "a condition is there"],
    [inner(""), inner("LIMIT 5"), "in s, LIMIT leaves out"],
    [inner(""), inner("GROUP BY id, mail, age"), "GROUP BY"],
    [inner(""), inner("").replace("(SELECT", "(SELECT DISTINCT"), "DISTINCT makes one row"],
    [inner(""), inner("JOIN archive USING (id)"), "archive is joined"],
    [inner("").replace("age FROM", "age AS age FROM"), inner("").replace("age FROM", "id AS age FROM"), "a condition"],
    [named("WHERE age > 10"), named("WHERE age > 10 AND nick IS NOT NULL"), "a condition is there"],
    [named("WHERE age > 10"), `${named("")} WHERE age > 19`, "a condition is there"],
    [chained("1", "9"), chained("2", "9"), "a condition is there"],
    [chained("1", "9"), chained("1", "8"), "a condition is there"],
    [numbered("mail"), numbered("nick"), "column n of r, which a condition asks for, is computed otherwise"],
    [counted(10), counted(5), "a query of its UNION shows fewer rows"],
    ["SELECT id, mail FROM users", "SELECT id, mail FROM (SELECT id, mail FROM users LIMIT 3) q", "LIMIT leaves out"],
    ["SELECT id, mail FROM (SELECT id, mail FROM users WHERE age > 3) q", named("WHERE age > 4"), "a condition"],
    [asked("id IN", "a.body = 'x'"), asked("id IN", "a.body = 'x' AND a.id > 3"), "a condition is there"],
    [asked("id NOT IN", "a.body = 'x'"), asked("id NOT IN", "a.body IN ('x', 'y')"), "a condition is there"],
    [asked("EXISTS", "a.id = users.id"), asked("EXISTS", "a.id = users.id AND a.body = 'x'"), "a condition is there"],
    [asked("NOT EXISTS", "a.id = 3 AND a.body = 'x'"), asked("NOT EXISTS", "a.id = 3"), "a condition is there"],
    [asked("id <", "a.id = 1"), asked("id <", "a.id = 2"), "a condition is there"],
    [joined("LEFT JOIN", ""), joined("JOIN", ""), "archive is joined"],
    [joined("JOIN", ""), joined("JOIN", "WHERE id > 3"), "a condition is there"],
    [largest(""), largest("WHERE id > 3"), "in s, a condition is there"],
    [joined("JOIN", "").replace("s.body", "s.body AS most"), largest(""), "in s, GROUP BY"],
    [of(both("UNION ALL")), of("SELECT id, 'u' AS k FROM users"), "a query of its UNION shows fewer rows, or is gone"],
    [of(both("UNION ALL")), of(both("UNION")), "UNION without ALL"],
    [both("UNION ALL"), both("EXCEPT"), "a query of its UNION shows fewer rows"],
    ["SELECT id FROM users UNION ALL SELECT age FROM users", "SELECT id FROM users", "or is gone"],
    ["SELECT id FROM users", "SELECT id FROM users INTERSECT SELECT id FROM archive", "a condition is there"],
    [
      "SELECT id FROM users UNION ALL (SELECT id FROM archive LIMIT 9)",
      "SELECT id FROM users UNION ALL (SELECT id FROM archive LIMIT 5)",
      "a query of its UNION shows",
    ],
  ])("in a query: %s, then %s", async (before, after, why) => {
    expect(await said(engine, before, after)).toContain(why);
  });

  test.each([
    [inner("WHERE nick IS NULL"), inner("")],
    [inner("LIMIT 5"), inner("LIMIT 10")],
    [inner(""), "SELECT id, mail FROM (SELECT id, mail, age FROM users WHERE age > 5) s"],
    [named("WHERE age > 10"), `${named("")} WHERE age > 9`],
    ["SELECT DISTINCT id FROM (SELECT id FROM users) x", "SELECT id FROM (SELECT DISTINCT id FROM users) x"],
    [inner(""), inner("").replaceAll("s.age", "t.age").replace(") s", ") t")],
    [named(""), "SELECT id, mail FROM users"],
    [inner("WHERE nick IS NULL"), "SELECT u.id, u.mail FROM users u WHERE u.nick IS NULL AND u.age > 5"],
    ["SELECT DISTINCT id, mail FROM users WHERE age > 10", named("WHERE age > 10")],
    [chained("1", "9"), chained("0", "10")],
    [counted(10), counted(20)],
    [numbered("mail"), numbered("mail").replace("= 1", "IN (1, 2)")],
    [inner("WHERE age BETWEEN 2 AND 8"), inner("WHERE age BETWEEN 2 AND 9")],
    [asked("id IN", "a.body = 'x' AND a.id > 3"), asked("id IN", "a.body = 'x'")],
    [asked("id IN", "a.body = 'x'"), asked("id IN", "a.body IN ('x', 'y')")],
    [asked("id NOT IN", "a.body IN ('x', 'y')"), asked("id NOT IN", "a.body = 'x'")],
    [asked("EXISTS", "a.id = users.id AND a.body = 'x'"), asked("EXISTS", "a.id = users.id")],
    [asked("NOT EXISTS", "a.id = 3"), asked("NOT EXISTS", "a.id = 3 AND a.body = 'x'")],
    [
      asked("EXISTS", "a.id = users.id"),
      "select u.id from users as u where exists (select 1 from archive b where u.id = b.id)",
    ],
    [
      asked("id <", "a.id = 1"),
      "select u.id from users u where (u.id < (select b.id from archive b where (b.id = 1)))",
    ],
    [joined("JOIN", ""), joined("LEFT JOIN", "")],
    [joined("JOIN", "WHERE id > 3"), joined("JOIN", "")],
    [joined("JOIN", ""), "SELECT u.id, a.body FROM archive a JOIN users u ON u.id = a.id"],
    [largest("WHERE id > 3"), largest("")],
    [of(both("UNION")), both("UNION ALL")],
    ["SELECT id, 'u' AS k FROM users", of(both("UNION ALL"))],
    [both("EXCEPT"), both("EXCEPT")],
    [both("EXCEPT"), "SELECT id, 'u' AS k FROM users"],
  ])("in a query, not: %s, then %s", async (before, after) => {
    expect(await said(engine, before, after)).not.toContain("fewer rows");
  });

  if (engine === "postgres")
    test("WITH CHECK OPTION by ALTER VIEW", async () => {
      const option = "ALTER VIEW v SET (check_option = cascaded);";
      const base = `${TABLES.join("; ")}; CREATE VIEW v AS ${HIDING};`;
      expect(await rules([base, option])).toBe("narrowing-view");
      expect(await rules([base + option, option])).toBe("");
      expect(await rules([base + option, "ALTER VIEW v RESET (check_option);"])).toBe("");
      expect(await rules([base, "ALTER VIEW v SET (security_barrier = true);"])).toBe("");
    });

  test("WITH whose queries each read the one before twice", async () => {
    const twice = (_: unknown, n: number) =>
      `, a${n + 1} AS (SELECT x.id, y.age FROM a${n} x JOIN a${n} y ON x.id = y.id WHERE x.id IN (SELECT id FROM a${n}))`;
    const doubled = (age: number) =>
      `WITH a0 AS (SELECT id, age FROM users WHERE age > ${age})${Array.from({ length: 40 }, twice).join("")} SELECT id FROM a40`;
    expect(await said(engine, doubled(1), doubled(2))).toContain("is written otherwise");
    expect(await said(engine, doubled(1), doubled(1))).toBe("");
  });

  test("a schema that one of them does not name", async () => {
    const schema = engine === "postgres" ? "public" : "shop";
    const names = (where: string) => `SELECT ${schema}.users.id, ${schema}.users.mail FROM ${schema}.users ${where}`;
    expect(await said(engine, HIDING, names(`WHERE ${schema}.users.nick IS NULL`))).toBe("");
    expect(await said(engine, names(`WHERE ${schema}.users.nick IS NULL`), HIDING)).toBe("");
    expect(await said(engine, HIDING, `SELECT id, body AS mail FROM ${schema}.archive`)).toContain(
      "no longer of users",
    );
  });

  test("what no file tells is as before", async () => {
    const change = `CREATE OR REPLACE VIEW v AS ${HIDING};`;
    expect(await allRules(["", change], engine)).toBe("replacing-routine");
    const made = `${TABLES.join("; ")}; CREATE VIEW v AS SELECT id, mail FROM users;`;
    expect(await rules([made, `-- zmigrate:phase contract\n${change}`], engine)).toBe("");
    const renamed = `${made} ALTER TABLE users RENAME COLUMN mail TO email;`;
    expect(await rules([renamed, "CREATE OR REPLACE VIEW v AS SELECT id, email AS mail FROM users;"], engine)).toBe("");
    const moved = `${made} ALTER TABLE users RENAME TO people;`;
    expect(await rules([moved, "CREATE OR REPLACE VIEW v AS SELECT id, mail FROM people;"], engine)).toBe("");
  });
});

/** What running code loses, in the words of the rule: views of each engine as they are replaced by others. */
const QUERIES = [
  HIDING,
  "SELECT id, mail FROM users WHERE (age > 3 OR nick IN ('a', 'b')) AND mail NOT LIKE 'x%' AND age BETWEEN 1 AND 5",
  "SELECT u.id, u.mail, upper(u.mail) AS loud FROM users u WHERE u.mail <> 'x' AND CASE WHEN age = 1 THEN nick ELSE mail END = 'a'",
  "SELECT a.id, u.mail, coalesce(u.mail, 'x') AS known FROM archive a LEFT JOIN (users u JOIN archive b ON u.id = b.id) ON a.id = u.id AND b.body = 'x'",
  "SELECT u.id, mail FROM users u RIGHT JOIN archive USING (id) WHERE EXISTS (SELECT 1 FROM users x WHERE x.id = u.id)",
  "SELECT max(id) AS id, mail FROM users WHERE age % 2 = 0 AND -age < 5 GROUP BY mail HAVING count(*) > 1 LIMIT 5 OFFSET 1",
  "SELECT id, mail FROM users ORDER BY id",
  "SELECT id, mail, age + 1 AS more FROM users",
  "SELECT id, mail, 1 AS more FROM users",
  "SELECT id, mail, mail AS again FROM users",
  "SELECT DISTINCT id, mail FROM users",
  "SELECT id, mail FROM users LIMIT 10",
  "SELECT id, mail FROM users GROUP BY id",
  "SELECT id, mail FROM users UNION ALL SELECT id, body FROM archive",
  "SELECT id, mail, row_number() OVER () AS n FROM users",
  "WITH x AS (SELECT * FROM users) SELECT id, mail FROM x",
  "WITH x AS (SELECT 1) SELECT id, mail FROM users",
  "SELECT id, mail FROM (SELECT id, mail FROM users) x",
  "SELECT users.id, mail FROM users JOIN archive a ON a.id = users.id",
  "SELECT users.id, mail FROM users LEFT JOIN archive a ON a.id = users.id",
  "SELECT id, mail FROM users WHERE id IN (SELECT id FROM archive)",
  "SELECT id, mail FROM users WHERE id IN (SELECT id FROM users)",
  "SELECT id, mail, (SELECT max(id) FROM archive) AS most FROM users",
  "SELECT id, mail, (SELECT body FROM archive a WHERE a.id = users.id) AS body FROM users",
  "SELECT id, mail FROM users WHERE NOT EXISTS (SELECT 1 FROM archive a WHERE a.id = users.id AND (a.body = 'x' OR a.id < 3))",
  "SELECT id, mail FROM users WHERE id NOT IN (SELECT a.id FROM archive a) OR age = ANY (SELECT id FROM archive)",
  "WITH a (id, mail, g) AS (SELECT id, nick, age FROM users WHERE age > 1), b AS (SELECT * FROM a) SELECT x.id, x.mail FROM a x JOIN b ON b.id = x.id",
  "SELECT s.id, m AS mail FROM (SELECT id, max(mail) AS m FROM users GROUP BY id HAVING max(age) > 3 ORDER BY id LIMIT 5) s",
  "WITH RECURSIVE r AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM r WHERE id < 10) SELECT id, 'x' AS mail FROM r",
  "SELECT id, mail FROM users INTERSECT SELECT id, body FROM archive",
  "(SELECT id, mail FROM users LIMIT 3) UNION ALL SELECT id, body FROM archive ORDER BY id LIMIT 5",
  "SELECT id, mail FROM users UNION SELECT id, body FROM archive UNION ALL SELECT 1, 'x'",
  "SELECT id, mail FROM (SELECT id, mail FROM users UNION ALL SELECT id, body FROM archive) z WHERE id > 3",
  "SELECT id, mail FROM users WHERE (id, mail) IN (SELECT id, body FROM archive) AND id > ALL (SELECT id FROM archive)",
  "SELECT u.id, s.mail FROM users u LEFT JOIN (SELECT id, body AS mail FROM archive WHERE id > 3) s ON s.id = u.id WHERE s.mail IS NULL",
];

for (const engine of ENGINES) {
  describeServer(engine, (server) => {
    test(`${engine}: what a view takes is what the server writes through it`, async () => {
      const db = await server.createDatabase("views");
      const run = (sql: string) => query(db.url, sql);
      for (const sql of TABLES) await run(sql);
      await run("INSERT INTO users VALUES (1, 'a', NULL, 1), (3, 'c', NULL, 3)");
      await run("INSERT INTO archive VALUES (1, 'a')");
      const reader = await engineFor(engine);
      await reader.load();
      const works = (sql: string) =>
        run(sql).then(
          () => true,
          () => false,
        );
      for (const [at, text] of QUERIES.entries()) {
        const [made] = reader.parse(`CREATE VIEW v${at} AS ${text};`).statements[0]?.operations ?? [];
        const shape = made?.kind === "other" && made.detail?.kind === "create-object" ? made.detail.shape : undefined;
        await run(`CREATE VIEW v${at} AS ${text}`);
        const took = [
          (await works(`INSERT INTO v${at} (id, mail) VALUES (100, 'q')`)) ? "insert" : "",
          (await works(`UPDATE v${at} SET mail = 'z' WHERE id = 1`)) ? "update" : "",
          (await works(`DELETE FROM v${at} WHERE id = 99`)) ? "delete" : "",
        ].filter((write) => write !== "");
        await run("DELETE FROM users WHERE id = 100");
        const shown = await run(
          engine === "postgres" ? `SELECT pg_get_viewdef('v${at}'::regclass) AS text` : `SHOW CREATE VIEW v${at}`,
        );
        const again = String(Object.values(shown[0] ?? {})[engine === "postgres" ? 0 : 1]).replace(
          /^CREATE.*?VIEW `\w+` AS /,
          "",
        );
        expect
          .soft([text, again, await said(engine, text, again.replaceAll(`\`${db.name}\`.`, "").replace(/;$/, ""))])
          .toEqual([text, again, ""]);
        expect({ text, takes: shape?.takes }).toEqual({ text, takes: took });
      }
      await db.drop();
    });

    test(`${engine}: rows and writes are lost as the rule says`, async () => {
      const db = await server.createDatabase("lost");
      const run = (sql: string) => query(db.url, sql);
      for (const sql of TABLES) await run(sql);
      await run("INSERT INTO users VALUES (1, 'a', NULL, 1), (2, 'b', NULL, 2)");
      await run("CREATE VIEW v AS SELECT id, mail FROM users WHERE nick IS NULL");
      await run("CREATE OR REPLACE VIEW v AS SELECT id, mail FROM users WHERE nick IS NULL AND age > 1");
      expect(await run("SELECT id FROM v")).toEqual([{ id: 2 }]);
      await run(
        "CREATE OR REPLACE VIEW v AS SELECT id, mail FROM users WHERE nick IS NULL AND age > 1 WITH CHECK OPTION",
      );
      await expect(run("INSERT INTO v (id, mail) VALUES (9, 'x')")).rejects.toThrow(/check option/i);
      if (engine !== "postgres") {
        await run("CREATE VIEW w AS WITH x AS (SELECT id, mail FROM users WHERE age > 5) SELECT * FROM x");
        await run("RENAME TABLE v TO v_old, w TO v");
        expect(await run("SELECT id FROM v")).toEqual([]);
      }
      await db.drop();
    });
  });
}

describe("writes", () => {
  const BASE = `${TABLES.join("; ")}; CREATE VIEW v AS ${HIDING};`;

  test.each([
    [
      "postgres",
      "SELECT id, lower(mail) AS mail FROM users WHERE nick IS NULL",
      "column mail, which is computed now, fail (0A000)",
    ],
    [
      "mysql",
      "SELECT id, lower(mail) AS mail FROM users WHERE nick IS NULL",
      "column mail, which is computed now, fail (1348)",
    ],
    [
      "mariadb",
      "SELECT id, lower(mail) AS mail FROM users WHERE nick IS NULL",
      "column mail, which is computed now, fail (1348)",
    ],
    ["mysql", `${HIDING.replace("mail", "mail, 1 AS one")}`, "INSERTs of it fail (1471)"],
    ["postgres", `${HIDING} WITH CHECK OPTION`, "INSERTs and UPDATEs of rows that it would not show fail (44000)"],
    ["mariadb", `${HIDING} WITH LOCAL CHECK OPTION`, "INSERTs and UPDATEs of rows that it would not show fail (1369)"],
    [
      "postgres",
      "SELECT u.id, mail FROM users u LEFT JOIN archive USING (id) WHERE nick IS NULL",
      "INSERTs, UPDATEs and DELETEs of it fail (55000)",
    ],
  ] as const)("%s: %s", async (engine, after, why) => {
    const [found] = await judged([BASE, `CREATE OR REPLACE VIEW v AS ${after};`], engine);
    expect(found).toMatchObject({ rule: "narrowing-view", severity: "warning" });
    expect(found?.message).toContain(why);
  });

  test("MySQL takes no INSERT through a view with a computed column, which is no loss where a needed one is missing", async () => {
    const needed = BASE.replace("age int", "age int NOT NULL");
    const more = `CREATE OR REPLACE VIEW v AS ${HIDING.replace("mail", "mail, 1 AS one")};`;
    expect(await rules([needed, more], "mysql")).toBe("");
    expect(await rules([BASE, more], "mariadb")).toBe("");
    expect(await rules([BASE, more], "postgres")).toBe("");
  });

  test("what a trigger of it writes, or a view of what takes none, is as before", async () => {
    const left =
      "CREATE OR REPLACE VIEW v AS SELECT u.id, mail FROM users u LEFT JOIN archive a ON a.id = u.id WHERE nick IS NULL;";
    const trigger = "CREATE TRIGGER w INSTEAD OF INSERT OR UPDATE OR DELETE ON v FOR EACH ROW EXECUTE FUNCTION f();";
    expect(await rules([BASE, left])).toBe("narrowing-view");
    expect(await rules([`${BASE} ${trigger}`, left])).toBe("");
    expect(await rules([BASE, `BEGIN; ${left} ${trigger} COMMIT;`])).toBe("");
    const over = `${BASE} CREATE VIEW grouped AS SELECT id FROM users GROUP BY id; CREATE VIEW w AS SELECT id FROM grouped;`;
    expect(
      await rules([over, "CREATE OR REPLACE VIEW w AS SELECT g.id FROM grouped g LEFT JOIN archive a ON a.id = g.id;"]),
    ).toBe("");
  });

  test.each(["mysql", "mariadb"] as const)(
    "%s: with and without the name of the database it is the same",
    async (engine) => {
      const named =
        "select `shop`.`users`.`id` AS `id`,`shop`.`users`.`mail` AS `mail` from `shop`.`users` where (`shop`.`users`.`nick` is null)";
      expect(await said(engine, HIDING, named)).toBe("");
      expect(await said(engine, named, HIDING)).toBe("");
      expect(await said(engine, named, `${HIDING} AND age > 3`)).toContain("a condition is there that was not");
      expect(await said(engine, named, named.replaceAll("shop", "mall"))).toContain(
        "its rows are those of mall.users, and no longer of shop.users",
      );
      const joined = (a: string, b: string) =>
        `SELECT a.id, b.mail FROM ${a} a JOIN ${b} b ON a.id = b.id WHERE a.nick IS NULL`;
      expect(await said(engine, joined("users", "mall.users"), joined("mall.users", "shop.users"))).toBe("");
      const inside = (table: string) =>
        `SELECT id FROM users WHERE EXISTS (SELECT 1 FROM ${table} o WHERE o.id = users.id)`;
      expect(await said(engine, inside("archive"), inside("shop.archive"))).toBe("");
      const needed = "CREATE TABLE users (id int PRIMARY KEY, mail varchar(50) NOT NULL);";
      const view = (from: string) => `CREATE OR REPLACE VIEW v AS SELECT id FROM ${from};`;
      expect(await rules([needed, view("shop.users"), view("users")], engine)).toBe("");
      expect(await rules([needed, view("users"), view("shop.users")], engine)).toBe("");
    },
  );

  test.each(["mysql", "mariadb"] as const)("%s: RENAME TABLE puts another view in its place", async (engine) => {
    const exchanged = (query: string) => `CREATE VIEW w AS ${query}; RENAME TABLE v TO v_old, w TO v;`;
    expect(await rules([BASE, exchanged(`${HIDING} AND age > 3`)], engine)).toBe("narrowing-view");
    expect(await rules([BASE, exchanged("SELECT id, mail, age FROM users")], engine)).toBe("");
    expect(await rules([BASE, exchanged("SELECT id, nick FROM users")], engine)).toBe("breaking-running-code");
    const after = [BASE, exchanged("SELECT id, mail FROM users"), `CREATE OR REPLACE VIEW v AS ${HIDING};`];
    expect(await rules(after, engine)).toBe("narrowing-view");
  });

  test.each(ENGINES)("%s: columns of a query in FROM, or of WITH, are known", async (engine) => {
    const base = `${TABLES.join("; ")}; CREATE VIEW v AS WITH x AS (SELECT id, mail FROM users) SELECT * FROM x;`;
    const lost = engine === "postgres" ? "contradicting-history" : "breaking-running-code";
    expect(await rules([base, "CREATE OR REPLACE VIEW v AS SELECT id, nick FROM users;"], engine)).toBe(lost);
    expect(
      await rules([base, "CREATE OR REPLACE VIEW v AS SELECT s.* FROM (SELECT id, mail FROM users) s;"], engine),
    ).toBe("");
    expect(
      await rules(
        [base, "CREATE OR REPLACE VIEW v AS WITH x (id, nick) AS (SELECT id, mail FROM users) SELECT * FROM x;"],
        engine,
      ),
    ).toBe(lost);
  });

  test("what pg_get_viewdef writes of literals is the same", async () => {
    const dated = `${BASE} CREATE VIEW d AS SELECT id FROM users WHERE age > 3 AND now() > '2025-01-01' AND mail IN ('a');`;
    const shown =
      "SELECT users.id FROM users WHERE ((age > 3) AND (now() > '2025-01-01'::timestamptz) AND ((mail)::text = 'a'::text));";
    expect(await rules([dated, `CREATE OR REPLACE VIEW d AS ${shown}`])).toBe("");
  });

  test("a materialized view, and one that is dropped and made again", async () => {
    const stats = `${BASE} CREATE MATERIALIZED VIEW m AS SELECT id, mail FROM users;`;
    const again = (query: string) => `BEGIN; DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS ${query}; COMMIT;`;
    expect(await allRules([stats, again("SELECT id, mail FROM users WHERE age > 3")])).toContain("narrowing-view");
    expect(await allRules([stats, again("SELECT users.id, mail FROM users")])).not.toContain("narrowing-view");
    const view = (query: string) => `BEGIN; DROP VIEW v; CREATE VIEW v AS ${query}; COMMIT;`;
    expect(await rules([BASE, view(`${HIDING} AND age > 3`)])).toBe("narrowing-view");
    expect(await rules([BASE, view(HIDING)])).toBe("");
    expect(await rules([BASE, "ALTER VIEW v AS SELECT DISTINCT id, mail FROM users;"], "mysql")).toBe("narrowing-view");
  });
});
