import { describe, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import { parseMigration } from "../../src/history/load.js";
import { afterSession, applyOperation, emptyCatalog } from "../../src/history/replay.js";
import { planMigration } from "../../src/plan/plan.js";
import { underWay, waitOf } from "../../src/plan/waits.js";

/** One file, or two, on a schema that is there. */
async function on(name: "postgres" | "mysql", tables: string) {
  const engine = await engineFor(name);
  await engine.load();
  const migration = (id: string, text: string) =>
    parseMigration({ id, slug: "x", file: "x.sql", text: `${text};`, checksum: "" }, engine);
  const version = name === "postgres" ? { text: "18", parts: [18] } : { text: "9.7", parts: [9, 7] };
  const empty = name === "postgres" ? emptyCatalog("database", "public") : emptyCatalog("database", "shop", "mysql");
  const operations = migration("1", tables).statements.flatMap((s) => s.operations);
  const catalog = afterSession(operations.reduce(applyOperation, empty));
  const planned = (id: string, sql: string, at = catalog) =>
    planMigration(migration(id, sql), { engine, catalog: at, version });
  return {
    /** Where the steps of the last statement of a file run, or why there are none. */
    placeOf(sql: string): string {
      const { plan, refusals } = planned("20260101000000", sql);
      if (plan === null) return refusals.map((r) => `${r.line}: ${r.reason} ${r.help}`).join("\n");
      const own = Math.max(...plan.steps.map((s) => Number.parseInt(s.id, 10)));
      return plan.steps.flatMap((s) => (Number.parseInt(s.id, 10) === own ? [s.stage ?? s.phase] : [])).join();
    },
    /** What a second file waits for while the first has not got, or has passed, its swap. */
    waitOf(first: string, second: string): { readonly before: string | null; readonly swapped: string | null } {
      const { plan, refusals, catalog: after } = planned("20260101000000", first);
      if (plan === null) throw new Error(refusals[0]?.reason);
      const made = planned("20260102000000", second, after);
      expect(made.refusals).toEqual([]);
      const given = { engine, catalog: after };
      const wait = (swapped: boolean) =>
        waitOf(migration("20260102000000", second), made, [underWay(plan, swapped, catalog)], given)?.reason ?? null;
      return { before: wait(false), swapped: wait(true) };
    },
  };
}

const T = `CREATE TABLE p (id int PRIMARY KEY, a int);
CREATE TABLE u (id int PRIMARY KEY, a int DEFAULT 3, b int, CONSTRAINT fk FOREIGN KEY (b) REFERENCES p (id));
CREATE TABLE o (id int PRIMARY KEY, a int); CREATE TABLE log (id int PRIMARY KEY);
CREATE UNIQUE INDEX oa ON o (a); CREATE INDEX ua ON u (a)`;
const PG = `${T}; ALTER TABLE u ADD CONSTRAINT c CHECK (a < 5);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION f()`;

const INSERT = "INSERT INTO u (id, a, b) VALUES (7, 7, 7)";

/** Changes that a contract makes, and rows behind them that would be others before: the swap is enough, or it is not. */
const BOTH = [
  ["TRUNCATE TABLE o", "INSERT INTO o VALUES (7, 7)", "drop"],
  ["DELETE FROM o WHERE a > 0", "INSERT INTO o (id, a) VALUES (7, 7)", "drop"],
  ["DELETE FROM o WHERE id = 2", "INSERT INTO log SELECT id FROM o", "drop"],
  ["DELETE FROM p WHERE id = 2; INSERT INTO p VALUES (7, 7)", "INSERT INTO u (id, a, b) VALUES (7, 7, 7)", "drop"],
  ["DELETE FROM p WHERE id = 2; INSERT INTO p VALUES (7, 7)", "UPDATE u SET b = 7 WHERE b IS NULL", "drop"],
  ["TRUNCATE TABLE o", "UPDATE u SET a = (SELECT max(o.a) FROM o)", "drop"],
  ["ALTER TABLE u ALTER a DROP DEFAULT", "INSERT INTO u (id) VALUES (7)", "swap"],
] as const;

const POSTGRES = [
  ...BOTH,
  ["TRUNCATE TABLE o, log", "INSERT INTO log VALUES (7)", "drop"],
  ["DROP TRIGGER tr ON u", "UPDATE u SET a = 4", "drop"],
  ["ALTER TABLE u DISABLE TRIGGER tr", INSERT, "swap"],
  ["ALTER TABLE u ALTER a DROP DEFAULT", "UPDATE u SET a = DEFAULT WHERE id = 1", "swap"],
  ["ALTER TABLE u ALTER a TYPE bigint; ALTER TABLE u ALTER a SET DEFAULT 9", "INSERT INTO u (id) VALUES (7)", "drop"],
  ["ALTER TABLE u DROP CONSTRAINT c; ALTER TABLE u ADD CONSTRAINT c CHECK (a < 50)", INSERT, "swap"],
  ["DROP INDEX oa", "INSERT INTO o (id, a) VALUES (7, 1)", "swap"],
  ["DROP TABLE u", "DELETE FROM p WHERE a = 1", "drop"],
] as const;

/** What looks at the rows that there are, and would find some that are about to go. */
const LOOKS = [
  ["DELETE FROM p WHERE id = 2", "ALTER TABLE p ADD CONSTRAINT q UNIQUE (a)"],
  ["DELETE FROM p WHERE id = 2", "CREATE UNIQUE INDEX q ON p (a)"],
  ["TRUNCATE TABLE o", "CREATE UNIQUE INDEX q ON o (a)"],
  ["DELETE FROM u WHERE a = 1", "ALTER TABLE u ADD CONSTRAINT q FOREIGN KEY (a) REFERENCES p (id)"],
] as const;

/** A unique index of rows that the file changes, and what names or needs it behind that. */
const BUILT = [
  ["UPDATE u SET a = id; CREATE UNIQUE INDEX q ON u (a)", "backfill"],
  ["UPDATE u SET a = id; CREATE UNIQUE INDEX q ON u (a); ALTER TABLE u RENAME INDEX q TO r", "backfill"],
  [
    "UPDATE u SET a = id; CREATE UNIQUE INDEX q ON u (a); CREATE TABLE n (id int PRIMARY KEY, a int, FOREIGN KEY (a) REFERENCES u (a))",
    "3: This file makes the key q of",
  ],
] as const;
const BUILT_POSTGRES = [
  ...BUILT.map(([sql, place]) => [sql.replace("ALTER TABLE u RENAME INDEX q", "ALTER INDEX q RENAME"), place] as const),
  ["UPDATE u SET a = id; CREATE UNIQUE INDEX q ON u (a); COMMENT ON INDEX q IS 'x'", "backfill"],
  ["UPDATE u SET a = id; CREATE UNIQUE INDEX q ON u (a); ALTER INDEX q SET (fillfactor = 70)", "backfill"],
  [
    "UPDATE u SET a = id; CREATE UNIQUE INDEX q ON u (a); ALTER TABLE u ADD CONSTRAINT r UNIQUE USING INDEX q",
    "backfill",
  ],
  ["UPDATE u SET a = id; CREATE INDEX q ON u (a)", "expand"],
  ["UPDATE o SET a = id + 1; CREATE UNIQUE INDEX q ON u (a)", "expand"],
] as const;

/** What looks at no rows, or at others. */
const LOOKS_NOT = [
  ["DELETE FROM p WHERE id = 2", "CREATE INDEX q ON p (a)"],
  ["DELETE FROM p WHERE id = 2", "ALTER TABLE p ADD COLUMN n int"],
  ["DELETE FROM p WHERE id = 2", "CREATE UNIQUE INDEX q ON u (a)"],
  ["DELETE FROM p WHERE id = 2", "CREATE TABLE n (id int PRIMARY KEY, a int UNIQUE)"],
] as const;

/** Everyday rows that nothing in front of them changes. */
const FREE = [
  ["TRUNCATE TABLE o", INSERT],
  ["DELETE FROM p WHERE id = 2", INSERT],
  ["DELETE FROM o WHERE a > 0", "INSERT INTO log VALUES (1)"],
  ["ALTER TABLE u ALTER a DROP DEFAULT", INSERT],
  ["ALTER TABLE u DROP COLUMN b", "INSERT INTO u (id, a) VALUES (7, 4)"],
  ["DROP INDEX ua", INSERT],
  ["ALTER TABLE p ADD CONSTRAINT q UNIQUE (a)", "INSERT INTO p VALUES (7, 7)"],
  ["ALTER TABLE u ADD CONSTRAINT q FOREIGN KEY (a) REFERENCES p (id)", "INSERT INTO p VALUES (7, 7)"],
  ["REVOKE SELECT ON u FROM app", INSERT],
  ["DROP TABLE o", INSERT],
] as const;

describe("on PostgreSQL", () => {
  it.each(POSTGRES)(
    "rows run behind what the contract does in front of them in their file: %s; %s",
    async (first, rows, place) => {
      expect((await on("postgres", PG)).placeOf(`${first};\n${rows}`)).toBe(place);
    },
  );

  it.each(POSTGRES)("rows wait for what the contract of another file does: %s | %s", async (first, rows, place) => {
    const { before, swapped } = (await on("postgres", PG)).waitOf(first, rows);
    const until = place === "swap" ? "is swapped" : "has contracted";
    expect(before).toMatch(new RegExp(`is not finished, and .* only in its contract.*begins when that one ${until}`));
    expect(swapped).toEqual(place === "swap" ? null : before);
  });

  it.each(FREE)("rows that nothing in front of them changes run at once: %s; %s", async (first, rows) => {
    const given = await on("postgres", PG);
    expect(given.placeOf(`${first};\n${rows}`)).toBe("expand");
    expect(given.waitOf(first, rows)).toEqual({ before: null, swapped: null });
  });

  it.each(["ALTER TABLE u ALTER a TYPE bigint", "ALTER TABLE u DROP COLUMN a"])(
    "rows without columns are not written in the file that changes these: %s",
    async (first) => {
      const given = await on("postgres", PG);
      const rows = "INSERT INTO u VALUES (7, 5000000000)";
      expect(given.placeOf(`${first};\n${rows}`)).toMatch(/^2: .*names no columns.*later migration/s);
      expect(given.waitOf(first, rows).swapped).toMatch(/begins when that one has contracted/);
    },
  );

  const STRICT = [
    ...LOOKS,
    ["DELETE FROM u WHERE b IS NULL", "ALTER TABLE u ALTER b SET NOT NULL"],
    ["DELETE FROM u WHERE a = 9", "ALTER TABLE u ADD CONSTRAINT q CHECK (a < 9)"],
    ["DELETE FROM u WHERE a = 9", "ALTER TABLE u ADD CONSTRAINT q CHECK (a < 9) NOT VALID, VALIDATE CONSTRAINT q"],
    ["DELETE FROM o WHERE a = 9", "CREATE MATERIALIZED VIEW m AS SELECT count(*) AS n FROM o"],
  ] as const;

  it.each(STRICT)("what looks at rows waits until those that go are gone: %s | %s", async (first, looks) => {
    const { before, swapped } = (await on("postgres", PG)).waitOf(first, looks);
    expect(before).toMatch(/only in its contract, before which this would look at the rows.*that one has contracted/);
    expect(swapped).toEqual(before);
  });

  it.each(STRICT)("in one file it is refused with the way out: %s; %s", async (first, looks) => {
    expect((await on("postgres", PG)).placeOf(`${first};\n${looks}`)).toMatch(
      /^2: It looks at the rows of \w in [\w ()]+, and this file .* only in contract \(drop\).*earlier migration/,
    );
  });

  it.each([
    ...LOOKS_NOT,
    ["DELETE FROM u WHERE a = 9", "ALTER TABLE u ADD CONSTRAINT q CHECK (a < 9) NOT VALID"],
    ["DELETE FROM o WHERE a = 9", "ALTER TABLE o ADD CONSTRAINT oa UNIQUE USING INDEX oa"],
    ["DELETE FROM o WHERE a = 9", "CREATE MATERIALIZED VIEW m AS SELECT a FROM o WITH NO DATA"],
    ["UPDATE u SET b = 0 WHERE b IS NULL", "ALTER TABLE u ALTER b SET NOT NULL"],
  ] as const)("what looks at no such rows does not wait: %s | %s", async (first, looks) => {
    expect((await on("postgres", PG)).waitOf(first, looks).before).toBeNull();
  });

  it.each(BUILT_POSTGRES)("a unique index is built behind the rows that the file changes: %s", async (sql, place) => {
    expect((await on("postgres", PG)).placeOf(sql.replaceAll("; ", ";\n"))).toMatch(new RegExp(`^${place}`));
  });

  it("a unique index whose phase the author names is not moved", async () => {
    const named = "UPDATE u SET a = id;\n-- zmigrate:phase expand\nCREATE UNIQUE INDEX q ON u (a)";
    expect((await on("postgres", PG)).placeOf(named)).toMatch(/^3: It looks at the rows of u in expand/);
  });

  it("a phase that the author names for rows is not changed", async () => {
    const given = await on("postgres", PG);
    const named = "TRUNCATE TABLE o;\n-- zmigrate:phase expand\nINSERT INTO o VALUES (7, 7)";
    expect(given.placeOf(named)).toMatch(/^3: .*stands in the expand phase.*runs in contract \(drop\)/);
  });

  it("rows of a table that gets another name wait under that", async () => {
    const given = await on("postgres", PG);
    const renamed = given.waitOf("TRUNCATE TABLE log; ALTER TABLE log RENAME TO logs", "INSERT INTO logs VALUES (7)");
    expect(renamed.before).toMatch(/empties log only in its contract/);
  });
});

describe("on MySQL", () => {
  const MYSQL = [
    ...BOTH,
    ["ALTER TABLE o DROP INDEX oa", "INSERT INTO o (id, a) VALUES (7, 1)", "drop"],
    [
      "ALTER TABLE u ADD CONSTRAINT q FOREIGN KEY (a) REFERENCES p (id)",
      "INSERT IGNORE INTO u (id, a) VALUES (7, 7)",
      "swap",
    ],
  ] as const;

  it.each(MYSQL)("rows run behind what the contract does in front of them: %s; %s", async (first, rows, place) => {
    const given = await on("mysql", T);
    expect(given.placeOf(`${first};\n${rows}`)).toBe(place);
    expect(given.waitOf(first, rows).before).toMatch(/only in its contract/);
  });

  const RETYPED = "ALTER TABLE u MODIFY a varchar(20) DEFAULT '3'";

  it.each([
    [RETYPED, "UPDATE u SET b = id WHERE b IS NULL", "backfill"],
    [RETYPED, "UPDATE u SET b = id WHERE b IS NULL;\nCREATE UNIQUE INDEX q ON u (b, id)", "backfill,backfill"],
    [RETYPED, "INSERT INTO u VALUES (7, '7', 7)", "drop"],
    [RETYPED.replace("'3'", "'4'"), "INSERT INTO u (id, b) VALUES (7, 7)", "drop"],
    [`-- zmigrate:up CONCAT(a, b)\n${RETYPED}`, "UPDATE u SET b = id WHERE b IS NULL", "drop"],
  ])(
    "rows that need nothing of a column whose type changes do not wait for its contract: %s; %s",
    async (first, rows, place) => {
      expect((await on("mysql", T)).placeOf(`${first};\n${rows}`)).toBe(place);
    },
  );

  it.each([...LOOKS, ["DELETE FROM u WHERE b IS NULL", "ALTER TABLE u MODIFY b int NOT NULL"]] as const)(
    "what looks at rows waits until those that go are gone: %s | %s",
    async (first, looks) => {
      const given = await on("mysql", T);
      expect(given.waitOf(first, looks).swapped).toMatch(/before which this would look at the rows/);
      expect(given.placeOf(`${first};\n${looks}`)).toMatch(/^2: It looks at the rows of .*earlier migration/);
    },
  );

  it.each([...LOOKS_NOT, ["DELETE FROM u WHERE b = 9", "ALTER TABLE u MODIFY b int DEFAULT 8"]] as const)(
    "what looks at no such rows does not wait: %s | %s",
    async (first, looks) => {
      expect((await on("mysql", T)).waitOf(first, looks).before).toBeNull();
    },
  );

  it.each(BUILT)("a unique index is built behind the rows that the file changes: %s", async (sql, place) => {
    expect((await on("mysql", T)).placeOf(sql.replaceAll("; ", ";\n"))).toMatch(new RegExp(`^${place}`));
  });

  it("rows that nothing in front of them changes run at once", async () => {
    const given = await on("mysql", T);
    for (const [first, rows] of FREE) {
      if (/DROP INDEX|DROP COLUMN/.test(first)) continue;
      expect([rows, given.waitOf(first, rows)]).toEqual([rows, { before: null, swapped: null }]);
    }
  });
});
