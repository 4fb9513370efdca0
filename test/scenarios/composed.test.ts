import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";

/** What stands in one file, and one table each: setup, the file, and the table's name behind it where that is another. */
const COMPOSED: readonly (readonly [table: string, setup: string, file: string, after?: string])[] = [
  [
    "named",
    "CREATE TABLE named (id int, x int, CONSTRAINT named_key PRIMARY KEY (id)); CREATE INDEX named_x ON named (x)",
    "ALTER INDEX named_x RENAME TO called_x; ALTER TABLE named RENAME CONSTRAINT named_key TO called_key; ALTER TABLE named RENAME TO called",
    "called",
  ],
  [
    "first",
    "CREATE TABLE first (id int, x int, CONSTRAINT first_key PRIMARY KEY (id)); CREATE INDEX first_x ON first (x)",
    'ALTER TABLE "first" RENAME TO "Second"; ALTER TABLE "Second" RENAME CONSTRAINT first_key TO second_key; ALTER INDEX first_x RENAME TO second_x; ALTER TABLE "Second" ALTER x SET DEFAULT 3',
    '"Second"',
  ],
  [
    "moved",
    "CREATE TABLE moved (id int PRIMARY KEY, x int, v text NOT NULL DEFAULT 'a'); CREATE INDEX moved_x ON moved (x)",
    "ALTER TABLE moved RENAME x TO y; ALTER INDEX moved_x RENAME TO moved_y; ALTER TABLE moved ALTER y SET DEFAULT 7; ALTER TABLE moved ALTER y SET NOT NULL; UPDATE moved SET y = y + 1 WHERE y > 4",
  ],
  [
    "freed",
    "CREATE TABLE freed (id int PRIMARY KEY, x int NOT NULL)",
    "ALTER TABLE freed RENAME x TO y; ALTER TABLE freed ALTER y DROP NOT NULL",
  ],
  [
    "typed",
    "CREATE TABLE typed (id int PRIMARY KEY, x int NOT NULL DEFAULT 0, v varchar(5) DEFAULT 'a')",
    "ALTER TABLE typed ALTER x SET DEFAULT 7, ALTER x TYPE numeric(9, 3), ALTER v SET DEFAULT 'abcdefg', ALTER v TYPE varchar(9)",
  ],
  [
    "strict",
    "CREATE TABLE strict (id int PRIMARY KEY, x text, v int NOT NULL DEFAULT 3, w text)",
    "ALTER TABLE strict ALTER x SET NOT NULL, ALTER x TYPE int USING x::int, ALTER v DROP NOT NULL, ALTER v DROP DEFAULT, ALTER v TYPE text, ALTER w TYPE int USING COALESCE(w, '0')::int; ALTER TABLE strict ALTER w SET NOT NULL",
  ],
  [
    "retyped",
    "CREATE TABLE sevens (s bigint PRIMARY KEY); CREATE TABLE retyped (id int PRIMARY KEY, x int NOT NULL, j json, v int)",
    "ALTER TABLE retyped ALTER j TYPE jsonb; CREATE INDEX retyped_j ON retyped USING gin (j); ALTER TABLE retyped ALTER x TYPE bigint; ALTER TABLE retyped ALTER x DROP NOT NULL; ALTER TABLE retyped ADD CHECK (x > 0); CREATE UNIQUE INDEX retyped_x ON retyped (x); ALTER TABLE retyped ALTER v TYPE bigint; ALTER TABLE retyped ADD FOREIGN KEY (v) REFERENCES sevens (s)",
  ],
  [
    "aimed",
    "CREATE TABLE aims (id int PRIMARY KEY); INSERT INTO aims VALUES (1), (2), (4), (5); CREATE TABLE aimed (id int PRIMARY KEY, x bigint)",
    "ALTER TABLE aims ALTER id TYPE bigint; ALTER TABLE aimed ALTER id TYPE bigint; ALTER TABLE aimed ADD FOREIGN KEY (x) REFERENCES aims, ADD CONSTRAINT aimed_id FOREIGN KEY (id) REFERENCES aims (id)",
  ],
  [
    "keyed",
    "CREATE TABLE keyed (id int NOT NULL, x int NOT NULL, CONSTRAINT keyed_key PRIMARY KEY (id))",
    "ALTER TABLE keyed DROP CONSTRAINT keyed_key, ALTER id DROP NOT NULL, ADD CONSTRAINT keyed_key PRIMARY KEY (x)",
  ],
  [
    "ruled",
    "CREATE TABLE ruled (id int PRIMARY KEY, x int, CONSTRAINT ruled_x CHECK (x IN (4, 5)))",
    "ALTER TABLE ruled DROP CONSTRAINT ruled_x; UPDATE ruled SET x = 6 WHERE x = 4; ALTER TABLE ruled ADD CONSTRAINT ruled_x CHECK (x IN (5, 6))",
  ],
  // What the contract takes away itself is not waited for.
  [
    "counted",
    "CREATE TABLE counted (id serial PRIMARY KEY, x int)",
    "ALTER TABLE counted ALTER COLUMN id DROP DEFAULT; DROP SEQUENCE counted_id_seq",
  ],
  [
    "uncounted",
    'CREATE SEQUENCE "Counts"; CREATE TABLE uncounted (id int PRIMARY KEY, x int, n int DEFAULT nextval(\'"Counts"\'))',
    'ALTER TABLE uncounted DROP COLUMN n; DROP SEQUENCE "Counts"',
  ],
  [
    "recounted",
    "CREATE SEQUENCE recounts; CREATE TABLE recounted (id int PRIMARY KEY, x int DEFAULT nextval('recounts'))",
    "ALTER TABLE recounted RENAME TO others; ALTER TABLE others ALTER x DROP DEFAULT; DROP SEQUENCE recounts",
    "others",
  ],
  [
    "pointing",
    "CREATE TABLE pointed (id int PRIMARY KEY); CREATE TABLE pointing (id int PRIMARY KEY, x int, p int REFERENCES pointed (id))",
    "ALTER TABLE pointing DROP COLUMN p; DROP TABLE pointed",
  ],
  [
    "owned",
    "CREATE TABLE owned (id int PRIMARY KEY, x int)",
    "CREATE TABLE owners (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x int UNIQUE); INSERT INTO owners (x) SELECT DISTINCT x FROM owned ORDER BY x; ALTER TABLE owned ADD COLUMN o int REFERENCES owners (id); UPDATE owned SET o = (SELECT owners.id FROM owners WHERE owners.x = owned.x);\n-- zmigrate:fill 1\nALTER TABLE owned ALTER o SET NOT NULL; ALTER TABLE owned DROP COLUMN x",
  ],
  [
    "told",
    "CREATE TABLE told (id int PRIMARY KEY, x int); CREATE UNIQUE INDEX told_x ON told (x)",
    "ALTER TABLE told ALTER x SET NOT NULL; ALTER TABLE told REPLICA IDENTITY USING INDEX told_x",
  ],
  [
    "called_by",
    "CREATE FUNCTION overloaded(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE called_by (id int PRIMARY KEY, x int)",
    "DROP FUNCTION IF EXISTS overloaded(text); ALTER TABLE called_by ADD COLUMN n int",
  ],
  [
    "shown",
    "CREATE TABLE shown (id int PRIMARY KEY, x int); CREATE VIEW seen AS SELECT id FROM shown; GRANT SELECT ON seen TO pg_monitor; CREATE FUNCTION said(n int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "DROP VIEW seen; CREATE VIEW seen AS SELECT id, x FROM shown; REVOKE ALL ON seen FROM pg_monitor; GRANT SELECT ON seen TO pg_monitor; COMMENT ON VIEW seen IS 'for readers'; DROP FUNCTION said(int); CREATE OR REPLACE FUNCTION said(n int) RETURNS text LANGUAGE sql AS 'SELECT ''a'''; REVOKE ALL ON FUNCTION said(int) FROM public; ALTER FUNCTION said(int) OWNER TO pg_monitor; COMMENT ON FUNCTION said(int) IS 'a'; ALTER TABLE shown ADD COLUMN n int",
  ],
  [
    "numbered",
    "CREATE TABLE numbered (id int PRIMARY KEY, x int)",
    "UPDATE numbered SET x = 40 WHERE id = 2; CREATE SEQUENCE numbers OWNED BY numbered.x; SELECT setval('numbers', (SELECT max(x) FROM numbered)); CREATE TABLE made (id serial PRIMARY KEY, x int); INSERT INTO made VALUES (7, 1); SELECT pg_catalog.setval('public.made_id_seq', 7, true); INSERT INTO made (x) VALUES (2)",
  ],
  // Django's text.
  [
    "linked",
    "CREATE TABLE links (id int PRIMARY KEY); CREATE TABLE linked (id int PRIMARY KEY, x int)",
    "BEGIN; ALTER TABLE linked ADD COLUMN l int NULL CONSTRAINT linked_l REFERENCES links (id) DEFERRABLE INITIALLY DEFERRED; SET CONSTRAINTS linked_l IMMEDIATE; CREATE INDEX linked_i ON linked (l); COMMIT",
  ],
];

/** Who owns the view and the function of `shown`, who may use them, and what is said of them. */
const RIGHTS = `SELECT relowner::regrole::text AS owner, relacl::text AS acl, obj_description(oid, 'pg_class') AS said FROM pg_class WHERE relname = 'seen'
  UNION ALL SELECT proowner::regrole::text, proacl::text, obj_description(oid, 'pg_proc') FROM pg_proc WHERE proname = 'said'`;

describeServer("postgres", (server) => {
  const s = suite();

  it("composes several changes in one file as the plain statements do", async () => {
    const setup = COMPOSED.flatMap(([table, sql]) => [sql, `INSERT INTO ${table} (id, x) VALUES (1, 4), (2, 5)`]);
    const files = Object.fromEntries(COMPOSED.map(([table, , sql]) => [table, `${sql};\n`]));
    const { url, project: p } = await bareScene(server, s, setup, files);
    const plain = await server.createDatabase("plain");
    s.after(plain.drop);
    for (const sql of [...setup, ...Object.values(files)]) await query(plain.url, sql);
    for (const n of [1, 2, 3]) await works(p.run("apply", "--contract", "--park", "0", "--release", `r${n}`));
    const status = JSON.parse((await works(p.run("status", "--json"))).stdout) as { migrations: { status: string }[] };
    expect(status.migrations.map((m) => m.status)).toEqual(COMPOSED.map(() => "contracted"));
    for (const [before, , , table = before] of COMPOSED) {
      expect(await schemaOf(url, table)).toEqual(await schemaOf(plain.url, table));
      const rows = `SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`;
      expect(await query(url, rows)).toEqual(await query(plain.url, rows));
    }
    const sequences = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1";
    for (const sql of [RIGHTS, sequences]) expect(await query(url, sql)).toEqual(await query(plain.url, sql));
  }, 60_000);
});

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();

  it("composes a rename and what stands behind it as the plain statements do", async () => {
    const setup = [
      "CREATE TABLE t (id int PRIMARY KEY, x int, v varchar(20) NOT NULL, KEY t_x (x))",
      "INSERT INTO t VALUES (1, 4, 'a'), (2, 5, 'b')",
    ];
    const file = [
      "ALTER TABLE t RENAME COLUMN x TO y",
      "CREATE INDEX y ON t (y DESC)",
      "UPDATE t SET y = y + 1 WHERE y > 4",
      "ALTER TABLE t MODIFY y int NOT NULL",
      "ALTER TABLE t RENAME INDEX t_x TO t_y",
      "ALTER TABLE t RENAME COLUMN v TO w",
      "ALTER TABLE t MODIFY w varchar(30) NOT NULL",
    ];
    const { url, project: p } = await bareScene(server, s, setup, { renamed: file.map((sql) => `${sql};\n`).join("") });
    const plain = await server.createDatabase("plain");
    s.after(plain.drop);
    for (const sql of [...setup, ...file]) await query(plain.url, sql);
    await works(p.run("apply", "--contract", "--park", "0", "--release", "r1"));
    await query(url, "INSERT INTO t (id, x, v) VALUES (3, 8, 'c')");
    await query(url, "UPDATE t SET y = 9, w = 'd' WHERE id = 3");
    await query(plain.url, "INSERT INTO t (id, y, w) VALUES (3, 9, 'd')");
    for (const n of [2, 3]) await works(p.run("apply", "--contract", "--park", "0", "--release", `r${n}`));
    expect(await schemaOf(url, "t")).toEqual(await schemaOf(plain.url, "t"));
    expect(await query(url, "SELECT id, y, w FROM t ORDER BY id")).toEqual(
      await query(plain.url, "SELECT id, y, w FROM t ORDER BY id"),
    );
  }, 60_000);

  it("composes what is dropped, defined anew and made again as the plain statements do, also behind a rollback of the swap", async () => {
    const tables = ["wanted", "optional", "unbound", "indexed", "served", "typed"];
    const pointing = (table: string, column: string, acts: string) =>
      `CREATE TABLE ${table} (id int PRIMARY KEY, o_id ${column}, CONSTRAINT ${table}_o FOREIGN KEY (o_id) REFERENCES o (id) ${acts} ON UPDATE CASCADE)`;
    const again = (table: string, column: string, acts: string) => [
      `ALTER TABLE ${table} DROP FOREIGN KEY ${table}_o`,
      `ALTER TABLE ${table} MODIFY o_id ${column}`,
      `ALTER TABLE ${table} ADD CONSTRAINT ${table}_o FOREIGN KEY (o_id) REFERENCES o (id) ${acts} ON UPDATE CASCADE`,
    ];
    const setup = [
      "CREATE TABLE o (id int PRIMARY KEY)",
      "INSERT INTO o VALUES (1), (2)",
      pointing("wanted", "int", "ON DELETE SET NULL"),
      pointing("optional", "int NOT NULL", ""),
      pointing("unbound", "int NOT NULL", "ON DELETE CASCADE"),
      "CREATE TABLE indexed (id int PRIMARY KEY, o_id int, b int, KEY by_o (o_id), UNIQUE KEY by_both (o_id, b))",
      "CREATE TABLE served (id int PRIMARY KEY, o_id int NOT NULL, b int, UNIQUE KEY u (o_id), CONSTRAINT served_o FOREIGN KEY (o_id) REFERENCES o (id))",
      "CREATE TABLE typed (id int PRIMARY KEY, o_id varchar(20), b int)",
      ...tables.map((table) => `INSERT INTO ${table} (id, o_id) VALUES (1, 1), (2, 2)`),
      "UPDATE indexed SET b = id",
      "UPDATE typed SET b = 2 * id",
    ];
    const file = [
      "SET @OLD_SQL_MODE = @@SQL_MODE, SQL_MODE = 'NO_AUTO_VALUE_ON_ZERO'",
      "SET FOREIGN_KEY_CHECKS = 0",
      "CREATE TABLE added (id int PRIMARY KEY, o_id int, FOREIGN KEY (o_id) REFERENCES o (id))",
      "SET FOREIGN_KEY_CHECKS = 1",
      "SET SQL_MODE = IFNULL(@OLD_SQL_MODE, '')",
      ...again("wanted", "int NOT NULL", ""),
      ...again("optional", "int NULL", "ON DELETE SET NULL"),
      "ALTER TABLE unbound DROP FOREIGN KEY unbound_o",
      "DROP INDEX unbound_o ON unbound",
      "ALTER TABLE unbound DROP COLUMN o_id",
      "ALTER TABLE indexed ALTER b SET DEFAULT 3",
      "ALTER TABLE indexed MODIFY b int NOT NULL DEFAULT 3",
      "DROP INDEX by_both ON indexed",
      "ALTER TABLE indexed DROP COLUMN o_id, DROP INDEX by_o",
      "ALTER TABLE served DROP INDEX u, ADD UNIQUE INDEX u (o_id, b)",
      "ALTER TABLE typed MODIFY o_id int",
      "ALTER TABLE typed ADD COLUMN u varchar(20)",
      "UPDATE typed SET u = CONCAT('u', id)",
      "ALTER TABLE typed MODIFY u varchar(20) NOT NULL",
      "CREATE UNIQUE INDEX typed_i ON typed (o_id)",
      "ALTER TABLE typed ADD CONSTRAINT typed_o FOREIGN KEY (o_id) REFERENCES o (id)",
      "CREATE TABLE bs (id int AUTO_INCREMENT PRIMARY KEY, b int)",
      "INSERT INTO bs (b) SELECT DISTINCT b FROM typed ORDER BY b",
      "ALTER TABLE typed ADD COLUMN b_id int, ADD CONSTRAINT typed_b FOREIGN KEY (b_id) REFERENCES bs (id)",
      "UPDATE typed SET b_id = (SELECT bs.id FROM bs WHERE bs.b = typed.b)",
    ];
    const { url, project: p } = await bareScene(server, s, setup, {
      composed: file.map((sql) => `${sql};\n`).join(""),
    });
    const plain = await server.createDatabase("plain");
    s.after(plain.drop);
    for (const sql of setup) await query(plain.url, sql);
    const stateOf = (at: string) =>
      Promise.all(tables.map(async (t) => [await schemaOf(at, t), await query(at, `SELECT * FROM ${t} ORDER BY id`)]));
    const apply = (n: number) => works(p.run("apply", "--contract", "--park", "0", "--release", `r${n}`));
    await apply(1);
    expect(await query(url, "SELECT u FROM typed ORDER BY id")).toEqual([{ u: "u1" }, { u: "u2" }]);
    await query(url, "INSERT INTO optional VALUES (3, NULL)");
    await query(url, "DELETE FROM optional WHERE id = 3");
    await apply(2);
    await works(p.run("rollback", "20260101000000", "--accept-loss"));
    expect(await stateOf(url)).toEqual(await stateOf(plain.url));
    for (const n of [3, 4, 5]) await apply(n);
    for (const sql of file) await query(plain.url, sql);
    expect(await stateOf(url)).toEqual(await stateOf(plain.url));
  }, 60_000);
});
