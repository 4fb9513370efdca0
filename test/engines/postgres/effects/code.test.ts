import { beforeAll, describe, expect, it } from "vitest";
import { combined } from "../../../../src/engines/postgres/effects/combine.js";
import { postgresEffects } from "../../../../src/engines/postgres/effects/index.js";
import { loadParser, parsePostgres } from "../../../../src/engines/postgres/parse/index.js";
import { applyOperation, emptyCatalog } from "../../../../src/history/replay.js";
import type { Effect } from "../../../../src/model/effect.js";

beforeAll(loadParser);

const SETUP = `
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b int NOT NULL DEFAULT 1, c text DEFAULT 'x', g int GENERATED ALWAYS AS IDENTITY,
  u int UNIQUE, proved int, CONSTRAINT nn CHECK (proved IS NOT NULL));
CREATE UNIQUE INDEX unique_a ON t (a);
CREATE INDEX plain_a ON t (a);
CREATE VIEW v AS SELECT id FROM t;
CREATE DOMAIN zero AS int DEFAULT 0;
CREATE DOMAIN plain AS int;
CREATE TABLE z (a zero NOT NULL DEFAULT 1, b plain NOT NULL);
CREATE TABLE big (id bigserial PRIMARY KEY);
`;

const operationsOf = (sql: string) => parsePostgres(sql).statements.flatMap((s) => s.operations);

/** What a statement does as a whole, after the tables above. */
function effectOf(sql: string): Effect {
  const catalog = operationsOf(SETUP).reduce(applyOperation, emptyCatalog("files", "public"));
  const siblings = operationsOf(sql);
  const context = { catalog, version: { text: "18", parts: [18] }, siblings };
  return combined(
    siblings.map((o) => postgresEffects(o, context)),
    context,
  );
}

describe("what breaks code that is running", () => {
  it.each([
    ["ALTER TABLE t ALTER b DROP DEFAULT", "writes", "23502"],
    ["ALTER TABLE t ALTER c DROP DEFAULT", "writes", "writes NULL"],
    ["ALTER DOMAIN zero DROP DEFAULT", "writes", "a column of zero"],
    ["ALTER TABLE unseen ALTER c DROP DEFAULT", "writes", "fails"],
    ["ALTER TABLE t ALTER b ADD GENERATED ALWAYS AS IDENTITY", "writes", "428C9"],
    ["ALTER TABLE t ALTER g DROP IDENTITY", "writes", "23502"],
    ["ALTER TABLE t DROP CONSTRAINT t_u_key", "writes", "42P10"],
    ["ALTER TABLE t DROP CONSTRAINT t_pkey", "writes", "42P10"],
    ["DROP INDEX CONCURRENTLY unique_a", "writes", "42P10"],
    ["ALTER TABLE t RENAME TO t2", "both", "42P01"],
    ["ALTER TABLE t SET SCHEMA app", "both", "42P01"],
    ["ALTER VIEW v SET SCHEMA app", "both", "42P01"],
    ["ALTER FUNCTION f(int) SET SCHEMA app", "both", "42883"],
    ["ALTER EXTENSION citext SET SCHEMA app", "both", "citext"],
    ["DROP TABLE t", "both", "42P01"],
    ["DROP VIEW v", "both", "view v"],
    ["ALTER VIEW v RENAME TO w", "both", "view v"],
    ["DROP FUNCTION f(int)", "both", "function f"],
    ["ALTER TYPE e RENAME VALUE 'a' TO 'z'", "both", "'a'"],
    ["ALTER SCHEMA app RENAME TO other", "both", "app"],
    ["ALTER TABLE t ALTER a TYPE text", "both", "text"],
    ["ALTER TABLE t ENABLE ROW LEVEL SECURITY", "both", "policy"],
    ["ALTER TABLE t REPLICA IDENTITY NOTHING", "writes", "published"],
    ["ALTER TABLE t DISABLE TRIGGER ALL", "writes", "foreign keys"],
    ["REVOKE SELECT ON t FROM app", "both", "42501"],
    ["ALTER TABLE part DETACH PARTITION part1", "reads", "no longer"],
    ["ALTER TABLE t SET UNLOGGED", "reads", "crash"],
    ["ALTER SEQUENCE big_id_seq AS integer", "writes", "as soon as big_id_seq has given out 2147483647 (2200H)"],
    ["ALTER SEQUENCE big_id_seq MAXVALUE 1000", "writes", "1000 (2200H)"],
    ["ALTER SEQUENCE unseen MAXVALUE 3000000000", "writes", "3000000000 (2200H)"],
    ["ALTER SEQUENCE t_g_seq AS smallint", "writes", "32767 (2200H)"],
  ])("%s", (sql, what, why) => {
    const { breaks } = effectOf(sql);
    expect(breaks).toMatchObject([{ what, who: "N-1" }]);
    expect(breaks[0]?.why).toContain(why);
  });

  it.each([
    "ALTER TABLE t ALTER a DROP DEFAULT",
    "ALTER TABLE z ALTER a DROP DEFAULT",
    "ALTER DOMAIN plain DROP DEFAULT",
    "ALTER TABLE t ALTER b SET DEFAULT 5",
    "ALTER TABLE t ALTER a TYPE bigint",
    "ALTER TABLE t ALTER b DROP NOT NULL",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
    "ALTER TABLE t DROP CONSTRAINT nn",
    "ALTER TABLE t ALTER proved SET NOT NULL",
    "DROP INDEX CONCURRENTLY plain_a",
    "DROP INDEX CONCURRENTLY unseen",
    "ALTER TYPE e ADD VALUE 'z'",
    "CREATE OR REPLACE VIEW v AS SELECT id FROM t",
    "ALTER TABLE t DISABLE TRIGGER USER",
    "GRANT SELECT ON t TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    "ALTER SEQUENCE t_g_seq AS integer",
    "ALTER SEQUENCE big_id_seq NO MAXVALUE",
    "ALTER SEQUENCE big_id_seq AS bigint",
  ])("not %s", (sql) => {
    expect(effectOf(sql).breaks).toEqual([]);
  });
});

describe("what every write must satisfy from now on", () => {
  it.each([
    ["ALTER TABLE t ALTER a SET NOT NULL", ["a is not NULL"]],
    ["ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", ["CHECK (a > 0)"]],
    ["ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", ["CHECK (a > 0)"]],
    ["ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID", ["a is not NULL"]],
    ["ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id) NOT VALID", ["a row of p for every value"]],
    ["ALTER TABLE t ADD UNIQUE (a)", ["(a) is unique"]],
  ])("%s", (sql, enforces) => {
    expect(effectOf(sql).enforces).toEqual(enforces);
  });

  it("is nothing new where a check has proved it, or where nothing is enforced", () => {
    const catalog = operationsOf(SETUP).reduce(applyOperation, emptyCatalog("files", "public"));
    for (const sql of ["ALTER TABLE t ALTER proved SET NOT NULL", "ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED"])
      for (const operation of operationsOf(sql))
        expect(postgresEffects(operation, { catalog, version: { text: "18", parts: [18] } }).enforces ?? []).toEqual(
          [],
        );
  });
});

describe("code that is not seen", () => {
  it.each(["EXECUTE prepared", "EXPLAIN ANALYZE EXECUTE prepared"])("%s is taken for the worst", (sql) => {
    expect(effectOf(sql)).toMatchObject({ rewrite: true, destroys: true });
    expect(effectOf(sql).assumes.join()).toMatch(/worst case/);
  });

  it.each([
    ["SELECT migrate()", "migrate"],
    ["SELECT app.count(*) FROM t", "app.count"],
    ["CALL migrate()", "migrate"],
  ])("%s calls what no file makes", (sql, unknown) => {
    expect(effectOf(sql)).toMatchObject({ rewrite: true, destroys: false, breaks: [], unknownCalls: [unknown] });
    expect(effectOf(sql).assumes.join()).toMatch(/worst case/);
  });

  it.each([
    "SELECT count(*), max(a) FROM t",
    "SELECT setval('s', 5)",
    "SELECT set_config('a.b', 'c', true)",
    "SELECT pg_sleep(1)",
  ])("%s does nothing", (sql) => {
    expect(effectOf(sql)).toMatchObject({ locks: [], rewrite: false, destroys: false, assumes: [] });
  });

  it("does all that its statements do, each as the worst of them", () => {
    const block = "DO $$ BEGIN ALTER TABLE t ADD n int; CREATE INDEX ON p (id); DELETE FROM p; END $$";
    expect(effectOf(block)).toMatchObject({
      destroys: true,
      locks: [
        { relation: { name: "t" }, mode: "ACCESS EXCLUSIVE", held: "brief" },
        { relation: { name: "p" }, mode: "SHARE", held: "build" },
      ],
    });
  });

  it("functions in a change of data are named", () => {
    expect(effectOf("UPDATE t SET a = compute(a) WHERE id = 1").assumes.join()).toMatch(/compute/);
    expect(effectOf("UPDATE t SET c = lower(c) WHERE id = 1").assumes).toEqual([]);
  });
});

describe("beside other commands", () => {
  it("every command's lock is the statement's strongest", () => {
    const catalog = operationsOf(SETUP).reduce(applyOperation, emptyCatalog("files", "public"));
    const siblings = operationsOf("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, VALIDATE CONSTRAINT c");
    const context = { catalog, version: { text: "18", parts: [18] }, siblings };
    const [added, validated] = siblings.map((o) => postgresEffects(o, context));
    expect(added?.locks).toMatchObject([{ mode: "ACCESS EXCLUSIVE", held: "brief" }]);
    expect(validated?.locks).toMatchObject([{ mode: "ACCESS EXCLUSIVE", blocks: "reads", held: "scan" }]);
    expect(validated?.assumes).toEqual([]);
  });

  it("thousands of commands take no longer each than one", () => {
    const commands = Array.from({ length: 3_000 }, (_, i) => `ADD COLUMN n${i} int`).join(", ");
    const siblings = operationsOf(`ALTER TABLE t ${commands}`);
    const catalog = emptyCatalog("files", "public");
    const context = { catalog, version: { text: "18", parts: [18] }, siblings };
    const began = performance.now();
    for (const operation of siblings) postgresEffects(operation, context);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe("a type that is not known", () => {
  it("is taken to be rewritten, and says so", () => {
    const stated = effectOf("ALTER TABLE t ALTER a TYPE money_like");
    expect(stated.rewrite).toBe(true);
    expect(stated.assumes.join()).toMatch(/money_like/);
    expect(effectOf("ALTER TABLE unseen ALTER a TYPE bigint").assumes.join()).toMatch(/type of a is not known/);
  });

  it("asks for the session's time zone", () => {
    const catalog = operationsOf("CREATE TABLE z (a timestamp)").reduce(
      applyOperation,
      emptyCatalog("files", "public"),
    );
    const [operation] = operationsOf("ALTER TABLE z ALTER a TYPE timestamptz");
    if (operation === undefined) throw new Error("no operation");
    const context = { catalog, version: { text: "18", parts: [18] } };
    expect(postgresEffects(operation, context).assumes.join()).toMatch(/TimeZone/);
    expect(postgresEffects(operation, { ...context, settings: { timezone: "Etc/UTC" } }).rewrite).toBe(false);
    expect(postgresEffects(operation, { ...context, settings: { timezone: "Etc/GMT+5" } }).rewrite).toBe(true);
  });
});
