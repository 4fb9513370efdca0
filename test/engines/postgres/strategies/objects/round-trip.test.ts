import { afterAll, beforeAll, expect, it } from "vitest";
import { engineFor } from "../../../../../src/config/engine.js";
import { parseMigration } from "../../../../../src/history/load.js";
import { emptyCatalog } from "../../../../../src/history/replay.js";
import { planMigration } from "../../../../../src/plan/plan.js";
import { describeServer } from "../../../../servers/index.js";
import { type PlanBench, planBench } from "../../../support/planned.js";

/** Who may do what, whether it was said or is as the server begins with. */
const ACL = (acl: string, kind: string, owner: string) =>
  `COALESCE((SELECT string_agg(x::text, ',' ORDER BY x::text) FROM aclexplode(COALESCE(${acl}, acldefault('${kind}', ${owner}))) x), '')`;

/** All that is no table, as the server prints it. */
const EVERYTHING = `
  SELECT 'view ' || c.oid::regclass::text || ' ' || pg_get_viewdef(c.oid) || COALESCE(c.reloptions::text, '') || ${ACL("c.relacl", "r", "c.relowner")}
         || COALESCE(obj_description(c.oid), '') AS line FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
   WHERE relkind IN ('v', 'm') AND nspname = 'public'
  UNION ALL SELECT 'function ' || CASE p.prokind WHEN 'a' THEN p.oid::regprocedure::text ELSE pg_get_functiondef(p.oid) END || ${ACL("p.proacl", "f", "p.proowner")} || COALESCE(obj_description(p.oid), '') FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
   WHERE nspname = 'public'
  UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'policy ' || polname || polcmd::text || polpermissive::text || COALESCE(pg_get_expr(polqual, polrelid), '') FROM pg_policy
  UNION ALL SELECT 'rule ' || pg_get_ruledef(oid) || ev_enabled::text FROM pg_rewrite WHERE rulename <> '_RETURN'
  UNION ALL SELECT 'sequence ' || (to_jsonb(s) - 'seqrelid')::text || c.relname || ${ACL("c.relacl", "s", "c.relowner")} || COALESCE(obj_description(c.oid), '') FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
  UNION ALL SELECT 'type ' || typname || COALESCE(typdefault, '') || COALESCE((SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid), '')
                   || COALESCE((SELECT string_agg(conname || convalidated::text || pg_get_constraintdef(oid), ',' ORDER BY conname) FROM pg_constraint WHERE contypid = t.oid), '')
    FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE nspname = 'public' AND typtype IN ('e', 'd', 'c', 'r')
  UNION ALL SELECT 'schema ' || nspname || ${ACL("nspacl", "n", "nspowner")} FROM pg_namespace WHERE nspname !~ '^pg_'
  UNION ALL SELECT 'extension ' || extname FROM pg_extension
  UNION ALL SELECT 'table ' || c.relname || COALESCE(relacl::text, '') || COALESCE(obj_description(c.oid), '') || relrowsecurity::text FROM pg_class c
     JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'p') AND nspname = 'public'
  UNION ALL SELECT 'column ' || attrelid::regclass::text || attname || COALESCE(col_description(attrelid, attnum), '')
    FROM pg_attribute WHERE attrelid = 'public.t'::regclass AND attnum > 0
  UNION ALL SELECT 'column of the view ' || attname || COALESCE(col_description(attrelid, attnum), '') || COALESCE(pg_get_expr(adbin, adrelid), '')
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid::regclass::text = 'v' AND attnum > 0
  UNION ALL SELECT 'right ' || attrelid::regclass::text || attname || x::text FROM pg_attribute, aclexplode(attacl) x WHERE attrelid::regclass::text IN ('t', 'v', 'm')
  ORDER BY 1`;

const SETUP = `
  CREATE TABLE t (id int PRIMARY KEY, a int, b text);
  INSERT INTO t SELECT i, i, 'x' FROM generate_series(1, 10) i;
  COMMENT ON TABLE t IS 'a table'; COMMENT ON COLUMN t.a IS 'it''s a';
  CREATE VIEW v WITH (security_barrier = true) AS SELECT id, a FROM t;
  COMMENT ON COLUMN v.a IS 'its a'; ALTER VIEW v ALTER COLUMN a SET DEFAULT 3; COMMENT ON VIEW v IS 'a view'; GRANT SELECT ON v TO PUBLIC;
  CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql STABLE AS 'SELECT x';
  CREATE FUNCTION f(x text[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION alone(x int) RETURNS int LANGUAGE sql AS 'SELECT x';
  CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
  CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
  ALTER TABLE t ENABLE ALWAYS TRIGGER tr;
  CREATE POLICY po ON t FOR SELECT USING (id > 0);
  CREATE RULE ru AS ON DELETE TO t WHERE OLD.id < 0 DO INSTEAD NOTHING;
  CREATE TYPE mood AS ENUM ('sad', 'ok');
  CREATE DOMAIN pos AS int CONSTRAINT positive CHECK (VALUE > 0);
  CREATE SEQUENCE s INCREMENT BY 5;
  CREATE SEQUENCE unused;
  CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
  CREATE UNIQUE INDEX m_id ON m (id);
  CREATE TYPE pair AS (x int, y int);
  CREATE TYPE shade AS ENUM ('dark');
  CREATE FUNCTION takes(x shade) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE DOMAIN tiny AS int;
  CREATE FUNCTION takes_all(x tiny[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE DOMAIN counted AS int;
  CREATE AGGREGATE rows_all(*) (sfunc = int8inc, stype = int8, initcond = '0');
  CREATE AGGREGATE sums(int) (sfunc = int4pl, stype = int4);
  CREATE AGGREGATE counts_all(counted) (sfunc = int4pl, stype = int4);
  CREATE STATISTICS st ON a, b FROM t;
  GRANT INSERT ON t TO PUBLIC;
  GRANT SELECT (a), UPDATE (a, b), INSERT (b) ON t TO PUBLIC; GRANT UPDATE (a) ON v TO PUBLIC; GRANT SELECT (id) ON m TO PUBLIC;
  CREATE PUBLICATION pub FOR TABLE t`;

/** What a migration is, when it acts, and whether its undo brings everything back. */
const CASES: readonly (readonly [sql: string, phases: string, undone: boolean])[] = [
  ["CREATE VIEW w AS SELECT id FROM t", "expand", true],
  ["CREATE OR REPLACE VIEW v AS SELECT id, a FROM t WHERE a > 1", "expand", true],
  ["CREATE OR REPLACE VIEW v AS SELECT id, a, b FROM t", "expand", true],
  ["CREATE OR REPLACE VIEW v AS SELECT *, 1 AS one FROM (SELECT id, a FROM t) x", "expand", true],
  ["CREATE OR REPLACE VIEW other AS SELECT id FROM t", "expand", true],
  ["DROP VIEW v; CREATE VIEW v AS SELECT id FROM t", "swap drop", true],
  ["DROP VIEW v", "swap drop", true],
  ["DROP VIEW IF EXISTS nowhere", "", true],
  ["CREATE MATERIALIZED VIEW n AS SELECT a FROM t", "expand", true],
  ["CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT a FROM t", "", true],
  ["DROP MATERIALIZED VIEW m", "swap drop", true],
  ["REFRESH MATERIALIZED VIEW CONCURRENTLY m", "backfill", true],
  ["CREATE FUNCTION g(x int, y mood[] DEFAULT NULL, OUT z int) LANGUAGE sql AS 'SELECT x'", "expand", true],
  ["CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x + 1'", "expand", true],
  ["CREATE OR REPLACE FUNCTION f(x text[]) RETURNS int LANGUAGE sql AS 'SELECT 2'", "expand", true],
  ["CREATE OR REPLACE FUNCTION f(x date) RETURNS int LANGUAGE sql AS 'SELECT 2'", "expand", true],
  ["CREATE OR REPLACE PROCEDURE p() LANGUAGE sql AS 'SELECT 2'", "expand", true],
  ["DROP FUNCTION f(int)", "swap drop", true],
  ["DROP FUNCTION f(text[])", "swap drop", true],
  ["DROP FUNCTION alone", "swap drop", true],
  ["DROP FUNCTION f(int); CREATE FUNCTION f(x integer) RETURNS text LANGUAGE sql AS 'SELECT ''1'''", "swap drop", true],
  [
    "DROP FUNCTION f(int); DROP FUNCTION f(text[]); CREATE FUNCTION f(x integer) RETURNS text LANGUAGE sql AS 'SELECT ''1'''",
    "swap swap drop drop",
    true,
  ],
  ["DROP FUNCTION alone; CREATE FUNCTION alone(x text) RETURNS text LANGUAGE sql AS 'SELECT x'", "swap drop", true],
  [
    "DROP FUNCTION f(int); CREATE FUNCTION f(x int, y int) RETURNS int LANGUAGE sql AS 'SELECT y'",
    "expand swap drop",
    true,
  ],
  ["DROP PROCEDURE p(); CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 2'", "swap drop", true],
  [
    "DROP FUNCTION IF EXISTS absent(int); CREATE FUNCTION absent(x int) RETURNS int LANGUAGE sql AS 'SELECT x'",
    "expand",
    true,
  ],
  ["DROP PROCEDURE p()", "swap drop", true],
  ["DROP AGGREGATE sums(int)", "swap drop", true],
  ["DROP AGGREGATE rows_all(*)", "swap drop", true],
  ["CREATE AGGREGATE sums(int8) (sfunc = int8pl, stype = int8)", "expand", true],
  ["CREATE AGGREGATE rows_more(*) (sfunc = int8inc, stype = int8, initcond = '0')", "expand", true],
  ["CREATE AGGREGATE rows_by(int8 ORDER BY int8) (sfunc = int8pl, stype = int8)", "expand", true],
  ["DROP AGGREGATE counts_all(counted); DROP DOMAIN counted", "swap swap drop drop", true],
  ["DROP FUNCTION takes(shade); DROP TYPE shade", "swap swap drop drop", true],
  ["DROP FUNCTION takes_all(tiny[]); DROP DOMAIN tiny", "swap swap drop drop", true],
  ["DROP FUNCTION f(int), f(text[]), alone(int)", "swap swap swap drop drop drop", true],
  ["ALTER FUNCTION alone IMMUTABLE", "expand", true],
  ["ALTER FUNCTION f(int) COST 5", "expand", true],
  ["CREATE TRIGGER tx AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tf()", "expand", true],
  ["CREATE OR REPLACE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tg()", "expand", true],
  ["DROP TRIGGER tr ON t; CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tg()", "expand", true],
  ["DROP TRIGGER tr ON t", "swap drop", true],
  ["ALTER TRIGGER tr ON t RENAME TO ts", "expand", true],
  ["CREATE POLICY px ON t USING (true)", "expand", true],
  ["CREATE POLICY px ON t AS RESTRICTIVE USING (id > 1)", "swap", true],
  ["ALTER POLICY po ON t USING (id > 5)", "swap", true],
  ["DROP POLICY po ON t", "swap", true],
  ["DROP POLICY po ON t; CREATE POLICY po ON t FOR UPDATE USING (id > 1)", "expand", true],
  ["CREATE RULE rv AS ON DELETE TO t WHERE OLD.id < -1 DO INSTEAD NOTHING", "expand", true],
  ["CREATE OR REPLACE RULE ru AS ON DELETE TO t WHERE OLD.id < -1 DO INSTEAD NOTHING", "expand", true],
  ["DROP RULE ru ON t", "swap drop", true],
  ["CREATE TYPE color AS ENUM ('red')", "expand", true],
  ["CREATE DOMAIN neg AS int CHECK (VALUE < 0)", "expand", true],
  ["ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok'", "expand", false],
  ["ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok'", "expand", true],
  ["DROP TYPE pair", "swap drop", true],
  ["DROP DOMAIN pos", "swap drop", true],
  ["ALTER DOMAIN pos ADD CONSTRAINT small CHECK (VALUE < 9)", "swap swap", true],
  ["ALTER DOMAIN pos ADD CONSTRAINT small CHECK (VALUE < 9) NOT VALID", "swap", true],
  ["ALTER DOMAIN pos RENAME CONSTRAINT positive TO above", "expand", true],
  ["ALTER DOMAIN pos SET DEFAULT 5", "expand", true],
  ["ALTER DOMAIN pos DROP DEFAULT", "expand", true],
  ["ALTER DOMAIN pos DROP CONSTRAINT positive", "expand", false],
  ["ALTER DOMAIN pos DROP CONSTRAINT positive", "expand", true],
  ["ALTER DOMAIN pos OWNER TO CURRENT_USER", "swap", true],
  ["CREATE SEQUENCE z", "expand", true],
  ["ALTER SEQUENCE s INCREMENT BY 7 CACHE 3", "expand", true],
  ["DROP SEQUENCE unused", "swap drop", true],
  ["CREATE SCHEMA more", "expand", true],
  ["CREATE SCHEMA IF NOT EXISTS public", "", true],
  ["CREATE STATISTICS sx ON a, id FROM t", "expand", true],
  ["DROP STATISTICS st", "drop", false],
  ["COMMENT ON TABLE t IS 'other'", "expand", true],
  ["COMMENT ON COLUMN t.a IS NULL", "expand", true],
  ["COMMENT ON COLUMN public.t.b IS 'b'", "expand", true],
  ["COMMENT ON VIEW v IS 'other'", "expand", true],
  ["COMMENT ON FUNCTION alone(int) IS 'other'", "expand", true],
  ["GRANT SELECT, INSERT ON t TO PUBLIC", "expand", true],
  ["GRANT SELECT ON TABLE public.t TO PUBLIC", "expand", true],
  ["REVOKE INSERT, UPDATE ON t FROM PUBLIC", "swap", true],
  ["GRANT ALL ON t TO PUBLIC", "expand", true],
  ["REVOKE ALL ON t, v, m FROM PUBLIC", "swap", true],
  ["REVOKE SELECT ON v FROM PUBLIC", "swap", true],
  ["REVOKE ALL ON public.v FROM PUBLIC", "swap", true],
  ["GRANT SELECT, UPDATE ON v, m TO PUBLIC", "expand", true],
  ["GRANT ALL ON SEQUENCE s TO PUBLIC", "expand", true],
  ["REVOKE EXECUTE ON FUNCTION alone(int) FROM PUBLIC", "swap", true],
  ["GRANT CREATE ON SCHEMA public TO PUBLIC", "expand", true],
  ["ALTER PUBLICATION pub DROP TABLE t", "swap", false],
];

/** What has no safe way, or takes away what old code names. */
const REFUSED: readonly (readonly [sql: string, reason: string])[] = [
  ["DROP VIEW v CASCADE", "CASCADE"],
  ["DROP VIEW nowhere", "no view public.nowhere"],
  ["CREATE OR REPLACE VIEW v AS SELECT id FROM t", "column 2 of public.v is a"],
  ["CREATE OR REPLACE VIEW v AS SELECT id AS other, a FROM t", "calls it other"],
  ["DROP FUNCTION f(int); CREATE FUNCTION f(x int, y int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT y'", "42725"],
  ["DROP FUNCTION f(int); CREATE FUNCTION f(x bigint) RETURNS int LANGUAGE sql AS 'SELECT 1'", "42725"],
  ["DROP FUNCTION f(int), alone", "Which function public.alone is meant"],
  ["ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'", "22P02"],
  ["ALTER TYPE mood RENAME TO moods", "Old code names the type"],
  ["ALTER FUNCTION alone(int) RENAME TO lonely", "Old code names the function"],
  ["ALTER VIEW v RENAME COLUMN a TO b", "takes away what old code names"],
  ["ALTER SEQUENCE s RENAME TO q", "Old code names the sequence"],
  ["ALTER FUNCTION alone(int) SET SCHEMA pg_temp", "takes away"],
  ["ALTER DOMAIN pos SET NOT NULL", "reads every table"],
  ["ALTER DOMAIN pos ADD CHECK (VALUE < 5)", "without a name"],
  ["REFRESH MATERIALIZED VIEW m", "waits for as long"],
  ["CREATE DATABASE d", "belongs to the server"],
  ["CREATE SCHEMA x CREATE TABLE y (a int)", "several things"],
];

describeServer("postgres", (server) => {
  let bench: PlanBench;
  beforeAll(async () => {
    bench = await planBench(server, "objects");
    await bench.sql(SETUP);
  });
  afterAll(() => bench.close());

  const everything = async () => (await bench.rows(EVERYTHING)).map((r) => String(r.line));

  const after = async (statements: readonly string[]) => {
    await bench.sql("BEGIN");
    try {
      await bench.sql(...statements);
      return await everything();
    } finally {
      await bench.sql("ROLLBACK");
    }
  };

  it.each(CASES)("%s", async (sql, phases, undone) => {
    const before = await everything();
    const { steps } = await bench.plan(`${sql};`);
    expect(steps.map((s) => s.stage ?? s.phase).join(" ")).toBe(phases);
    if (phases !== "") expect(await after(steps.flatMap((s) => s.sql))).toEqual(await after([sql]));
    const kept = steps.filter((s) => s.stage !== "drop");
    await bench.run(kept);
    await bench.back(kept);
    if (undone) expect(await everything()).toEqual(before);
  });

  it.each(REFUSED)("refuses %s", async (sql, reason) => {
    const [refusal] = await bench.refusals(`${sql};`);
    expect(refusal?.reason).toContain(reason);
    expect(refusal?.help).not.toBe("");
  });

  it("says what the files do not tell", async () => {
    const engine = await engineFor("postgres");
    const given = { id: "20260101000000", slug: "x", file: "x.sql", checksum: "" };
    const text = "CREATE OR REPLACE VIEW v AS SELECT 1 AS a; COMMENT ON VIEW v IS 'x'; GRANT SELECT ON t TO PUBLIC;";
    const { plan } = planMigration(parseMigration({ ...given, text }, engine), {
      engine,
      catalog: emptyCatalog("files", null),
      version: engine.newestVersion,
    });
    expect(plan?.steps.map((s) => s.undo)).toEqual([[], [], []]);
    expect(plan?.leaves).toEqual([
      expect.stringContaining("view v as it is then"),
      expect.stringContaining("comment on VIEW v"),
      expect.stringContaining("rights on t"),
    ]);
  });
});
