import { describe, expect, test } from "vitest";
import { judged, rules } from "./judged.js";

describe("a condition of a domain is checked while writes to its tables wait", () => {
  test.each(["ALTER DOMAIN email VALIDATE CONSTRAINT x;", "ALTER DOMAIN email ADD CONSTRAINT x CHECK (VALUE > '');"])(
    "%s",
    async (sql) => {
      expect(await rules([sql])).toBe("ban-alter-domain-with-add-constraint");
      expect(await rules(["CREATE DOMAIN email AS text; CREATE TABLE t (e email);", sql])).toBe(
        "ban-alter-domain-with-add-constraint",
      );
    },
  );
});

describe("what takes writes or changes away from others is no silence", () => {
  test.each([
    "CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;",
    "CREATE OR REPLACE RULE r AS ON UPDATE TO t WHERE NEW.a > 1 DO INSTEAD NOTHING;",
    "CREATE RULE r AS ON DELETE TO t DO INSTEAD UPDATE t SET gone = true WHERE t.id = OLD.id;",
    "ALTER SEQUENCE users_id_seq RESTART WITH 1;",
    "ALTER SEQUENCE users_id_seq RESTART;",
    "ALTER SEQUENCE users_id_seq INCREMENT BY -1;",
    "ALTER TABLE users ALTER COLUMN id RESTART WITH 1;",
    "ALTER TABLE users ALTER COLUMN id SET INCREMENT BY 2 RESTART;",
    "SELECT setval('users_id_seq', 1, false);",
    "SELECT pg_catalog.setval('public.users_id_seq'::regclass, 1);",
    "SELECT setval(pg_get_serial_sequence('users', 'id'), 1, false);",
    "ALTER PUBLICATION pub DROP TABLE users;",
    "ALTER PUBLICATION pub SET TABLE users;",
  ])("%s", async (sql) => {
    expect(await rules([sql])).toBe("breaking-running-code");
    expect(await rules([`-- zmigrate:phase contract\n${sql}`])).toBe("");
  });

  test.each([
    "CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (1);",
    "CREATE VIEW v AS SELECT 1 AS a; CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (NEW.a);",
    "ALTER SEQUENCE s CACHE 10;",
    "ALTER SEQUENCE s INCREMENT BY 50;",
    "ALTER SEQUENCE s OWNED BY users.id;",
    "CREATE SEQUENCE s; ALTER SEQUENCE s RESTART WITH 100;",
    "CREATE TABLE users (id serial PRIMARY KEY); ALTER SEQUENCE users_id_seq RESTART WITH 1000;",
    "CREATE TABLE users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY); ALTER TABLE users ALTER COLUMN id RESTART WITH 9;",
    "CREATE TABLE users (id serial PRIMARY KEY); SELECT setval('users_id_seq', 1, false);",
    "SELECT setval('users_id_seq', (SELECT max(id) FROM users));",
    "SELECT setval('users_id_seq', COALESCE(max(id), 1)) FROM users;",
    "SELECT setval('users_id_seq', 1, false) WHERE NOT EXISTS (SELECT FROM users);",
    "SELECT setval('users_id_seq', 500000);",
    "ALTER PUBLICATION pub ADD TABLE users;",
  ])("but %s is", async (sql) => {
    expect(await rules([sql])).toBe("");
  });
});

// PostgreSQL 18: afterwards 42P01, 42883 or 42704 for who names it.
describe("what is in another schema has another name", () => {
  test.each([
    ["VIEW v", "view v fail (42P01)"],
    ["MATERIALIZED VIEW public.v", "materialized view public.v fail (42P01)"],
    ["SEQUENCE s", "sequence s fail (42P01)"],
    ["FOREIGN TABLE f", "foreign table f fail (42P01)"],
    ["FUNCTION f(int)", "function f fail (42883)"],
    ["ROUTINE f(int)", "function f fail (42883)"],
    ["PROCEDURE p()", "procedure p fail (42883)"],
    ["AGGREGATE a(int)", "aggregate a fail (42883)"],
    ["DOMAIN d", "domain d fail (42704)"],
    ["TYPE e", "type e fail (42704)"],
    ["TEXT SEARCH CONFIGURATION en", "en fail (42704)"],
    ["EXTENSION citext", "extension citext brought fail"],
  ])("ALTER %s SET SCHEMA app", async (what, why) => {
    const sql = `ALTER ${what} SET SCHEMA app;`;
    const [finding, ...more] = await judged([sql]);
    expect(finding).toMatchObject({ rule: "breaking-running-code", severity: "error" });
    expect(finding?.message).toContain(why);
    expect(more).toEqual([]);
    expect(await rules([`-- zmigrate:phase contract\n${sql}`])).toBe("");
  });

  test.each([
    "ALTER STATISTICS st SET SCHEMA app;",
    "ALTER VIEW public.v SET SCHEMA public;",
    "ALTER VIEW v SET SCHEMA public;",
    "CREATE VIEW v AS SELECT 1 AS a; ALTER VIEW v SET SCHEMA app;",
    "CREATE SEQUENCE s; ALTER SEQUENCE s SET SCHEMA app;",
  ])("but nobody names it otherwise behind: %s", async (sql) => {
    expect(await rules([sql])).toBe("");
  });

  test("a view is known by its new name", async () => {
    const moved = "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; ALTER VIEW v SET SCHEMA app;";
    expect(await rules([moved, "CREATE OR REPLACE VIEW app.v AS SELECT a FROM t;"])).toBe("contradicting-history");
    expect(await rules([moved, "CREATE OR REPLACE VIEW v AS SELECT a FROM t;"])).toBe("");
  });

  test("an extension in another schema changes no table", async () => {
    const base = "CREATE TABLE t (a int); ALTER EXTENSION citext SET SCHEMA app;";
    expect(await rules([base, "ALTER TABLE t ADD COLUMN a int;"])).toBe("contradicting-history");
  });
});

describe("what the file made nobody uses yet", () => {
  test.each([
    "CREATE MATERIALIZED VIEW mv AS SELECT user_id FROM t; CREATE UNIQUE INDEX ON mv (user_id); REFRESH MATERIALIZED VIEW mv;",
    "CREATE TYPE r1 AS ENUM ('a'); ALTER TYPE r1 RENAME TO r2; ALTER TYPE r2 RENAME VALUE 'a' TO 'b'; DROP TYPE r2;",
    "CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0);",
    "CREATE VIEW v AS SELECT 1; ALTER VIEW v RENAME TO w; DROP VIEW w;",
  ])("%s", async (sql) => {
    expect(await rules([sql])).toBe("");
  });

  test.each([
    "BEGIN CREATE TYPE public.lvl AS ENUM ('a', 'b'); EXCEPTION WHEN duplicate_object THEN null; END",
    "BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'lvl') THEN CREATE TYPE lvl AS ENUM ('a'); END IF; END",
    "BEGIN CREATE DOMAIN lvl AS text; EXCEPTION WHEN duplicate_object THEN null; END",
  ])("a type that a block makes where it is not there: %s", async (block) => {
    const base = "CREATE TABLE users (id bigint PRIMARY KEY);";
    const add = `ALTER TABLE users ADD COLUMN lvl lvl DEFAULT 'a' NOT NULL;`;
    expect(await rules([`${base} DO $$ ${block}; $$;`, add])).toBe("");
    expect(await rules([base, `DO $$ ${block}; $$; ${add}`])).toBe("");
    const domain = "CREATE DOMAIN lvl AS text CHECK (VALUE <> '');";
    expect(await rules([`${base} ${domain} DO $$ ${block}; $$;`, add])).toContain("adding-field-with-default");
  });

  test.each([
    ["USING (true)", ""],
    ["FOR SELECT USING (true)", "breaking-running-code"],
    ["USING (true) WITH CHECK (n > 0)", "breaking-running-code"],
    ["TO other USING (true)", "breaking-running-code"],
    ["USING (body = current_setting('app.tenant'))", "breaking-running-code"],
    ["USING (current_setting('app.tenant', true) IS NULL OR body = current_setting('app.tenant', true))", ""],
    ["USING (coalesce(current_setting('app.tenant', true), '') = '' OR body = current_user)", ""],
    ["AS RESTRICTIVE USING (n > 0)", "breaking-running-code"],
  ])("row security behind CREATE POLICY %s", async (policy, expected) => {
    const create = `CREATE POLICY p ON t ${policy};`;
    const base = "CREATE TABLE t (n int, body text);";
    for (const verb of ["ENABLE", "FORCE"]) {
      const turn = `ALTER TABLE t ${verb} ROW LEVEL SECURITY;`;
      expect(await rules([base + create, turn])).toBe(expected);
      expect(await rules([base, `BEGIN; ${turn} ${create} COMMIT;`])).toContain(expected);
    }
  });

  test("policies of several statements, or of all roles that have rights, leave every row together", async () => {
    const base = "CREATE TABLE t (n int);";
    const turn = "ALTER TABLE t ENABLE ROW LEVEL SECURITY;";
    const each = ["SELECT USING", "INSERT WITH CHECK", "UPDATE USING", "DELETE USING"];
    const all = each.map((how, at) => `CREATE POLICY p${at} ON t FOR ${how} (true);`);
    expect(await rules([base, `${all.join(" ")} ${turn}`])).toBe("");
    expect(await rules([base, `${all.slice(1).join(" ")} ${turn}`])).toBe("breaking-running-code");
    const app = "CREATE POLICY p ON t TO app USING (true);";
    expect(await rules([`${base} GRANT SELECT, INSERT ON t TO app;`, app + turn])).toBe("");
    expect(await rules([`${base} GRANT SELECT ON t TO app, viewer;`, app + turn])).toBe("breaking-running-code");
    expect(await rules([base, `BEGIN; ${turn} CREATE POLICY p ON t USING (true); COMMIT;`])).toBe("");
  });

  test.each([
    [
      "CREATE MATERIALIZED VIEW IF NOT EXISTS mv AS SELECT 1 AS a; REFRESH MATERIALIZED VIEW mv;",
      "blocking-table-access",
    ],
    ["CREATE OR REPLACE VIEW v AS SELECT 1; DROP VIEW v;", "breaking-running-code"],
    ["CREATE TYPE r1 AS ENUM ('a'); DROP TYPE r1; ALTER TYPE r1 RENAME TO r2;", "breaking-running-code"],
    ["CREATE TYPE a.r1 AS ENUM ('a'); ALTER TYPE b.r1 RENAME TO r2;", "breaking-running-code"],
  ])("but not %s", async (sql, expected) => {
    expect(await rules([sql])).toBe(expected);
  });

  test("nor what another file made", async () => {
    expect(await rules(["CREATE TYPE r1 AS ENUM ('a');", "ALTER TYPE r1 RENAME TO r2;"])).toBe("breaking-running-code");
  });
});

describe("NOT NULL by a check, on a table that no file made", () => {
  const steps = [
    "ALTER TABLE t ADD CONSTRAINT t_a_nn CHECK (a IS NOT NULL) NOT VALID;",
    "ALTER TABLE t VALIDATE CONSTRAINT t_a_nn;",
    "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
  ];

  test("in one file, and in three", async () => {
    expect(await rules([steps.join("\n")])).toBe("");
    expect(await rules(steps)).toBe("");
    expect(await rules([...steps, "ALTER TABLE t DROP CONSTRAINT t_a_nn;"])).toBe("");
  });

  test.each([
    ["not validated", [steps[0]]],
    ["another column", ["ALTER TABLE t ADD CONSTRAINT t_a_nn CHECK (b IS NOT NULL) NOT VALID;", steps[1]]],
    ["another table", ["ALTER TABLE s.t ADD CONSTRAINT t_a_nn CHECK (a IS NOT NULL) NOT VALID;", steps[1]]],
    ["dropped", [steps[0], steps[1], "ALTER TABLE t DROP CONSTRAINT t_a_nn;"]],
    ["another column of the name", [steps[0], steps[1], "ALTER TABLE t RENAME COLUMN a TO c;"]],
    ["another table of the name", [steps[0], steps[1], "DROP TABLE t; ALTER TABLE u RENAME TO t;"]],
    ["rolled back", [steps[0], "BEGIN; ALTER TABLE t VALIDATE CONSTRAINT t_a_nn; ROLLBACK;"]],
    ["unseen changes", [steps[0], steps[1], "DO $$ BEGIN EXECUTE x; END $$;"]],
    ["kept by IF NOT EXISTS", ["ALTER TABLE t ADD CONSTRAINT t_a_nn CHECK (a > 0) NOT VALID;", steps[1]]],
  ] as const)("but not: %s", async (_, before) => {
    expect(await rules([...before, steps[2]].map(String))).toBe("adding-not-nullable-field");
  });

  test("a check that is dropped in the same statement proves nothing", async () => {
    const sql = "ALTER TABLE t ALTER COLUMN a SET NOT NULL, DROP CONSTRAINT t_a_nn;";
    expect(await rules([steps[0], steps[1], sql].map(String))).toBe("adding-not-nullable-field");
  });
});

describe("a partition that the file made has no rows", () => {
  const parent =
    "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE ev (id int REFERENCES p, at date) PARTITION BY RANGE (at);";
  const attach = "ALTER TABLE ev ATTACH PARTITION ev_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');";

  test.each(["CREATE TABLE ev_2026 (id int, at date);", "CREATE TABLE ev_2026 (LIKE ev INCLUDING ALL);"])(
    "%s",
    async (create) => {
      expect(await rules([`${create} ${attach}`])).toBe("");
      expect(await rules([parent, `${create} ${attach}`])).toBe("");
      expect(await rules([parent, `BEGIN; ${create} ${attach} COMMIT;`])).toBe("");
    },
  );

  test("but the DEFAULT partition is read, and a table of another file", async () => {
    const other = "CREATE TABLE ev_2026 (id int, at date);";
    const rest = "CREATE TABLE ev_rest PARTITION OF ev DEFAULT;";
    expect(await rules([`${parent} ${rest}`, `${other} ${attach}`])).toBe("blocking-table-access");
    expect(await rules([`${parent} ${other}`, attach])).toBe("blocking-table-access");
  });
});

test.each(["NULL", "NULL::int", "(NULL)"])("NOT NULL DEFAULT %s fails on a row", async (value) => {
  expect(await rules([`ALTER TABLE t ADD COLUMN x int NOT NULL DEFAULT ${value};`])).toBe("adding-required-field");
});

describe.each(["mysql", "mariadb"] as const)("%s: rows that are meant to go", (name) => {
  test.each(["DELETE FROM t ORDER BY id LIMIT 1000;", "REPLACE INTO roles VALUES (1, 'x');"])("%s", async (sql) => {
    expect(await rules([sql], name)).toBe("");
  });

  test.each([
    ["DELETE FROM t;", "unbatched-data-change"],
    ["REPLACE INTO roles SELECT * FROM t;", "unbatched-data-change"],
  ])("but not %s", async (sql, expected) => {
    expect(await rules([sql], name)).toBe(expected);
  });
});

describe("a default that calls a function of another file", () => {
  const function_ = (how: string) => `CREATE FUNCTION app.k() RETURNS text LANGUAGE sql ${how} AS $$ SELECT 'a' $$;`;
  const add = "ALTER TABLE t ADD COLUMN code text DEFAULT app.k();";

  test.each(["IMMUTABLE", "STABLE"])("%s", async (how) => {
    expect(await rules([function_(how), add])).toBe("");
    expect(await rules([`${function_(how)} ${add}`])).toBe("");
  });

  test.each([
    [function_(""), add],
    [function_("VOLATILE"), add],
    [function_("IMMUTABLE"), "ALTER FUNCTION app.k() VOLATILE;", add],
    [function_("IMMUTABLE"), "DROP FUNCTION app.k();", add],
    [function_("IMMUTABLE"), "CREATE FUNCTION app.k(a int) RETURNS text LANGUAGE sql AS $$ SELECT 'a' $$;", add],
    [function_("IMMUTABLE"), "ALTER TABLE t ADD COLUMN code text DEFAULT app.k() || gen_random_uuid();"],
    [function_("IMMUTABLE"), "ALTER TABLE t ADD COLUMN code text DEFAULT app.k() || app.j();"],
    [function_("IMMUTABLE"), "ALTER TABLE t ADD COLUMN code text DEFAULT other.k();"],
  ])("but not %s %s %s", async (...files) => {
    expect(await rules(files)).toContain("adding-field-with-default");
  });
});

describe.each(["mysql", "mariadb"] as const)("%s: a longer text in the table's character set", (name) => {
  const longer = "ALTER TABLE t MODIFY v varchar(255);";
  const table = (options: string) => `CREATE TABLE t (id int PRIMARY KEY, v varchar(60)) ${options};`;

  test.each([
    "CHARSET latin1",
    "DEFAULT CHARACTER SET = latin1",
    "COLLATE latin1_swedish_ci",
    "CHARSET latin1 COLLATE latin1_bin",
  ])("%s", async (options) => {
    expect(await rules([table(options), longer], name)).toBe("");
  });

  test.each(["", "CHARSET utf8mb4", "CHARSET DEFAULT"])("but not %s", async (options) => {
    // MariaDB tells up to 127 bytes apart, whatever comes.
    const from = table(options).replace("60", "63");
    expect(await rules([from, longer], name)).toBe("changing-column-type");
  });

  test("nor where the default is another by now: the column keeps its own", async () => {
    const other = "ALTER TABLE t DEFAULT CHARACTER SET utf8mb4;";
    expect(await rules([table("CHARSET latin1"), other, longer], name)).toBe(
      "changing-column-type losing-column-attributes",
    );
  });
});
