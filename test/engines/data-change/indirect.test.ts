import { beforeAll, describe, expect, it } from "vitest";
import { engineFor } from "../../../src/config/engine.js";
import type { Engine, EngineName } from "../../../src/engines/engine.js";
import { parseMigration } from "../../../src/history/load.js";
import { applyOperation, emptyCatalog } from "../../../src/history/replay.js";
import { planMigration } from "../../../src/plan/plan.js";

const ALL = ["postgres", "mysql", "mariadb"] as const;
const MYSQLS = ["mysql", "mariadb"] as const;
const T = "CREATE TABLE t (id int PRIMARY KEY, p int, a int, code int UNIQUE)";
const key = (action: string) =>
  `${T}; CREATE TABLE l (id int PRIMARY KEY, a int, b int, CONSTRAINT k FOREIGN KEY (a) REFERENCES t (id) ${action})`;

const engines = new Map<EngineName, Engine>();
beforeAll(async () => {
  for (const name of ALL) {
    const engine = await engineFor(name);
    await engine.load();
    engines.set(name, engine);
  }
});

/** Why files alone have a change not run in batches; empty where it does. */
function refusal(name: EngineName, schema: string, text: string): string {
  const engine = engines.get(name);
  if (engine === undefined) throw new Error(name);
  const read = (sql: string) =>
    parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text: sql, checksum: "" }, engine);
  const catalog = read(schema)
    .statements.flatMap((s) => s.operations)
    .reduce(applyOperation, emptyCatalog("database", "public", name === "postgres" ? undefined : name));
  const { plan, refusals } = planMigration(read(text), { engine, catalog, version: engine.newestVersion });
  if (plan?.steps.some(({ backfill }) => backfill === null) === true) throw new Error("it runs at once");
  return refusals.map((r) => `${r.reason} ${r.help}`).join("\n");
}

describe.each(ALL)("a change that reads what its batches change on %s", (name) => {
  it("through views is refused, and told by which", () => {
    const views = `${T}; CREATE VIEW v AS SELECT a, count(*) AS c FROM t GROUP BY a; CREATE VIEW w AS SELECT c FROM v`;
    expect(refusal(name, views, "UPDATE t SET a = 2 WHERE (SELECT max(c) FROM w) > 9")).toMatch(
      /it reads (public\.)?t through the view w and the view (public\.)?v, which it writes.*in an earlier migration/,
    );
    const other = `${T}; CREATE TABLE u (id int PRIMARY KEY, n int); CREATE VIEW v AS SELECT n FROM u`;
    expect(refusal(name, other, "UPDATE t SET a = (SELECT max(n) FROM v)")).toBe("");
  });

  it("is refused where the keys of what it reads go, or are emptied, with the rows that it deletes", () => {
    const unlinked = "DELETE FROM t WHERE NOT EXISTS (SELECT 1 FROM l WHERE l.b = t.id)";
    expect(refusal(name, key("ON DELETE CASCADE"), unlinked)).toMatch(
      /it reads l, and the foreign key k deletes rows of (public\.)?l with those that it deletes/,
    );
    expect(refusal(name, key("ON DELETE SET NULL"), unlinked)).toContain("the foreign key k writes rows of");
    expect(refusal(name, key(""), unlinked)).toBe("");
    const deep = `${key("ON DELETE CASCADE")}; CREATE TABLE m (id int PRIMARY KEY, b int, l int, CONSTRAINT km FOREIGN KEY (l) REFERENCES l (id) ON DELETE CASCADE)`;
    expect(refusal(name, deep, "DELETE FROM t WHERE id IN (SELECT b FROM m)")).toContain("the foreign key km deletes");
  });

  it("may look for what points at its own rows, which decides about no other", () => {
    const orphans = "DELETE FROM t WHERE NOT EXISTS (SELECT 1 FROM l WHERE l.a = t.id AND l.b > 1)";
    expect(refusal(name, key("ON DELETE CASCADE"), orphans)).toBe("");
    expect(refusal(name, key("ON DELETE SET NULL"), orphans)).toBe("");
    expect(refusal(name, key("ON DELETE SET DEFAULT"), orphans)).toContain("the foreign key k");
  });

  it("is refused where it names a column that deletes of other rows empty", () => {
    const tree = (action: string) =>
      "CREATE TABLE t (id int PRIMARY KEY, p int, a int, CONSTRAINT own FOREIGN KEY (p) REFERENCES t (id) ACTION)".replace(
        "ACTION",
        action,
      );
    expect(refusal(name, tree("ON DELETE SET NULL"), "DELETE FROM t WHERE p IS NULL")).toMatch(
      /it names p, and the foreign key own writes rows of (public\.)?t/,
    );
    expect(refusal(name, tree("ON DELETE SET NULL"), "DELETE FROM t WHERE a = 1")).toBe("");
    expect(refusal(name, tree("ON DELETE CASCADE"), "DELETE FROM t WHERE p IS NULL")).toBe("");
  });

  it("is refused where ON UPDATE writes what it reads, and only for the key's columns", () => {
    const schema = `${T}; CREATE TABLE l (id int PRIMARY KEY, a int, CONSTRAINT k FOREIGN KEY (a) REFERENCES t (code) ON UPDATE CASCADE)`;
    const where = "WHERE id IN (SELECT a FROM l)";
    expect(refusal(name, schema, `UPDATE t SET code = code + 1 ${where}`)).toContain("the foreign key k writes");
    expect(refusal(name, schema, `UPDATE t SET a = 1 ${where}`)).toBe("");
  });
});

const pgTrigger = (body: string, when = "AFTER UPDATE") =>
  `${T}; CREATE TABLE audit (id int); CREATE TABLE u (id int PRIMARY KEY, n int);
   CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN NEW; END $$;
   CREATE TRIGGER tr ${when} ON t FOR EACH ROW EXECUTE FUNCTION f()`;
const myTrigger = (body: string, when = "AFTER UPDATE") =>
  `${T}; CREATE TABLE audit (id int); CREATE TABLE u (id int PRIMARY KEY, n int);
   CREATE TRIGGER tr ${when} ON t FOR EACH ROW ${body}`;

describe("triggers", () => {
  const lookUp = "UPDATE t SET a = (SELECT max(n) FROM u)";

  it.each(ALL)("that set NEW, or write what the statement does not read, are let be on %s", (name) => {
    const trigger = name === "postgres" ? pgTrigger : myTrigger;
    const stamp = name === "postgres" ? "NEW.p := 7" : "SET NEW.p = 7";
    expect(refusal(name, trigger(stamp, "BEFORE UPDATE"), `${lookUp} WHERE p > 1`)).toBe("");
    expect(refusal(name, trigger("INSERT INTO audit VALUES (NEW.id)"), lookUp)).toBe("");
    expect(refusal(name, trigger("UPDATE u SET n = n + 1", "AFTER DELETE"), lookUp)).toBe("");
  });

  it.each(ALL)("that write what the statement reads are refused on %s", (name) => {
    const trigger = name === "postgres" ? pgTrigger : myTrigger;
    expect(refusal(name, trigger("UPDATE u SET n = n + 1"), lookUp)).toMatch(
      /it reads u, and the trigger tr of (public\.)?t writes rows of u with those that it updates/,
    );
  });

  it("that write other rows of the table are refused where the statement names what they write", () => {
    const count = pgTrigger("UPDATE t SET p = p + 1 WHERE t.a = NEW.a");
    expect(refusal("postgres", count, "UPDATE t SET a = 1 WHERE p = 1")).toContain("it names p, and the trigger tr");
    expect(refusal("postgres", count, "UPDATE t SET a = 1 WHERE code = 1")).toBe("");
    expect(refusal("postgres", count, "UPDATE t SET a = 1 WHERE row_to_json(t)::text = ''")).toContain("it names p");
    const versions = pgTrigger("INSERT INTO t VALUES (OLD.id + 1000)");
    expect(refusal("postgres", versions, "UPDATE t SET a = 1")).toContain("adds rows to");
    const called = `CREATE FUNCTION g() RETURNS void LANGUAGE sql AS $$ UPDATE u SET n = 1 $$; ${pgTrigger("PERFORM g()")}`;
    expect(refusal("postgres", called, lookUp)).toContain("the trigger tr");
  });

  it("that run SQL which they put together are refused where the statement reads another table", () => {
    const dynamic = pgTrigger("EXECUTE 'x'");
    expect(refusal("postgres", dynamic, lookUp)).toContain("what the trigger tr of t writes is not known");
    expect(refusal("postgres", dynamic, "UPDATE t SET a = 1 WHERE p = 1")).toBe("");
    expect(refusal("postgres", `${dynamic}; ALTER TABLE t DISABLE TRIGGER tr`, lookUp)).toBe("");
    const stamp = `${T}; CREATE TABLE u (id int PRIMARY KEY, n int); CREATE TRIGGER m BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION moddatetime(p)`;
    expect(refusal("postgres", stamp, lookUp)).toBe("");
  });
});

describe("functions", () => {
  const pg = (body: string, language = "sql") =>
    `${T}; CREATE TABLE u (id int PRIMARY KEY, n int); CREATE FUNCTION f(x int) RETURNS int STABLE LANGUAGE ${language} AS $$ ${body} $$`;
  const my = (body: string) =>
    `${T}; CREATE TABLE u (id int PRIMARY KEY, n int); CREATE FUNCTION f(x int) RETURNS int READS SQL DATA ${body}`;
  const call = "UPDATE t SET a = f(id)";

  it("that read the table are refused", () => {
    expect(refusal("postgres", pg("SELECT a FROM t WHERE t.id = x - 1"), call)).toContain(
      "it reads t through the function f, which it writes",
    );
    for (const name of MYSQLS)
      expect(refusal(name, my("RETURN (SELECT a FROM t WHERE t.id = x - 1)"), call)).toContain(
        "through the function f",
      );
  });

  it("that read other tables, or compute, are let be", () => {
    expect(refusal("postgres", pg("SELECT n FROM u WHERE u.id = x"), call)).toBe("");
    expect(refusal("postgres", pg("BEGIN RETURN x + 1; END", "plpgsql"), call)).toBe("");
    expect(refusal("postgres", T, "UPDATE t SET a = length(unaccent('a'))")).toBe("");
    for (const name of MYSQLS) expect(refusal(name, my("RETURN (SELECT n FROM u WHERE u.id = x)"), call)).toBe("");
  });

  it("of which it is not known what they read are refused", () => {
    const dynamic = pg("DECLARE r int; BEGIN EXECUTE 'x' INTO r; RETURN r; END", "plpgsql");
    expect(refusal("postgres", dynamic, call)).toContain("what the function f reads is not known");
    expect(refusal("postgres", T, "UPDATE t SET a = length(query_to_xml('x', true, true, '')::text)")).toContain(
      "the function query_to_xml",
    );
  });
});

describe("what only PostgreSQL has", () => {
  it("partitions have rows of their table", () => {
    const parts = `CREATE TABLE t (id int, a int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
      CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (1) TO (9)`;
    expect(refusal("postgres", parts, "UPDATE t SET a = (SELECT max(a) FROM t_1)")).toContain(
      "it reads t_1, which has rows in common with t",
    );
  });

  it("a rule acts in the place of any of its table's writes", () =>
    expect(
      refusal("postgres", `${T}; CREATE RULE r AS ON DELETE TO t DO ALSO NOTIFY x`, "DELETE FROM t WHERE a = 1"),
    ).toContain("rules of t (r)"));

  it("a tree without an action is not deleted in batches, which take parents before children", () => {
    const tree = "CREATE TABLE t (id int PRIMARY KEY, p int CONSTRAINT own REFERENCES t, a int)";
    expect(refusal("postgres", tree, "DELETE FROM t WHERE a = 1")).toMatch(
      /rows of t point at others of it \(own\).*ON DELETE CASCADE/,
    );
    expect(refusal("postgres", tree, "DELETE FROM t AS x WHERE a = 1 AND x.p IS NULL")).toBe("");
    expect(refusal("postgres", tree, "DELETE FROM t WHERE a = 1 OR p IS NULL")).toContain("(own)");
    expect(refusal("postgres", tree, "UPDATE t SET p = NULL WHERE a = 1")).toBe("");
  });
});
