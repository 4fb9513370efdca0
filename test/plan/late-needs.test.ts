import { expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { createMysqlEngine } from "../../src/engines/mysql/index.js";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { parseMigration } from "../../src/history/load.js";
import { afterSession, applyOperation, emptyCatalog } from "../../src/history/replay.js";
import type { Catalog } from "../../src/model/catalog.js";
import { whenChanged } from "../../src/plan/late-changes.js";
import { planMigration } from "../../src/plan/plan.js";
import { underWay, type Wait, waitOf } from "../../src/plan/waits.js";
import { planOn, refusalOn, schema, stepsOn } from "../engines/postgres/support/plan.js";

const T = `CREATE TABLE u (id int PRIMARY KEY, a int, b int DEFAULT 4, c int, CONSTRAINT cc UNIQUE (c));
CREATE TABLE p (a int);`;
const ENUM = "CREATE TABLE e (id int PRIMARY KEY, s enum('a', 'b'));";

const UNIQUE = "ALTER TABLE u ADD CONSTRAINT q UNIQUE (a);";
const PRIMARY = "ALTER TABLE p ADD PRIMARY KEY (a);";
const CHECK = "ALTER TABLE u ADD CONSTRAINT q CHECK (a > 0) NOT VALID;";
const NOT_NULL = "ALTER TABLE u ALTER a SET NOT NULL;";

const fileOf = (engine: Engine, id: string, text: string) =>
  parseMigration({ id, slug: "x", file: "x.sql", text, checksum: "" }, engine);

async function given(engine: Engine): Promise<Catalog> {
  if (engine.name === "postgres") return await schema(T);
  await engine.load();
  const operations = fileOf(engine, "20260101000000", T + ENUM).statements.flatMap((s) => s.operations);
  const catalog = afterSession(operations.reduce(applyOperation, emptyCatalog("database", "d", engine.name)));
  return { ...catalog, tables: catalog.tables.map((t) => ({ ...t, rows: 2, bytes: 16384 })) };
}

/** How a file that stands behind another one waits for it, as both are pending, or the other one is begun. */
async function waitBehind(
  first: string,
  next: string,
  { engine = postgresEngine, begun = false, swapped = false } = {},
): Promise<Wait | null> {
  const now = await given(engine);
  const version = engine.oldestVersion;
  const one = planMigration(fileOf(engine, "20260101000000", first), { engine, version, catalog: now });
  if (one.plan === null) throw new Error(JSON.stringify(one.refusals));
  const other = underWay(one.plan, swapped, now, begun);
  const catalog = begun ? whenChanged(now, [other]) : one.catalog;
  const migration = fileOf(engine, "20260102000000", next);
  const planned = planMigration(migration, { engine, version, catalog });
  if (planned.plan === null) throw new Error(JSON.stringify(planned.refusals));
  return waitOf(migration, planned, [other], { engine, catalog });
}

const STRICT = "ALTER TABLE u ALTER c SET NOT NULL;";

const NEEDS: readonly (readonly [first: string, next: string, said: RegExp])[] = [
  [UNIQUE, "CREATE TABLE k (a int, FOREIGN KEY (a) REFERENCES u (a));", /makes the key q of u in contract \(swap\)/],
  [UNIQUE, "ALTER TABLE p ADD COLUMN k int REFERENCES u (a);", /makes the key q of u/],
  [PRIMARY, "CREATE TABLE k (a int REFERENCES p);", /makes the primary key of p/],
  [PRIMARY, "CREATE TABLE k (a int REFERENCES p (a));", /makes the primary key of p/],
  [
    STRICT,
    "ALTER TABLE u REPLICA IDENTITY USING INDEX cc;",
    /makes columns of the index cc NOT NULL in contract \(swap\)/,
  ],
  [UNIQUE, "INSERT INTO u VALUES (7, 7) ON CONFLICT (a) DO UPDATE SET a = 8;", /makes the key q of u/],
  [UNIQUE, "INSERT INTO u VALUES (7, 7) ON CONFLICT DO NOTHING;", /makes the key q of u/],
  [CHECK, "ALTER TABLE u VALIDATE CONSTRAINT q;", /makes the constraint q of u/],
  [CHECK, "ALTER TABLE u DROP CONSTRAINT q;", /makes the constraint q of u/],
  [CHECK, "ALTER TABLE u RENAME CONSTRAINT q TO r;", /makes the constraint q of u/],
  [
    "ALTER TABLE u ADD CONSTRAINT q FOREIGN KEY (a) REFERENCES u (id) NOT VALID;",
    "ALTER TABLE u VALIDATE CONSTRAINT q;",
    /makes the constraint q of u/,
  ],
  [
    "ALTER TABLE u ALTER c SET NOT NULL;",
    "ALTER TABLE u ALTER c ADD GENERATED ALWAYS AS IDENTITY;",
    /changes NOT NULL of u\.c/,
  ],
  [NOT_NULL, "ALTER TABLE u ALTER a DROP NOT NULL;", /changes NOT NULL of u\.a/],
  ["ALTER TABLE u ALTER b DROP DEFAULT;", "ALTER TABLE u ALTER b SET DEFAULT 5;", /changes the default of u\.b/],
  [
    "ALTER TABLE u DROP CONSTRAINT cc;",
    "ALTER TABLE u ADD CONSTRAINT cc CHECK (c > 0);",
    /takes the constraint cc of u away/,
  ],
];

it.each(NEEDS)("%s what needs what the contract in front of it makes waits: %s", async (first, next, said) => {
  const pending = await waitBehind(first, next);
  expect(pending?.reason).toMatch(said);
  expect(pending?.reason).toMatch(/which this needs\. This one begins when that one (is swapped|has contracted)\.$/);
  expect((await waitBehind(first, next, { begun: true }))?.reason).toBe(pending?.reason);
});

it.each(NEEDS.slice(0, -1))("%s once it is swapped nothing waits: %s", async (first, next) => {
  expect(await waitBehind(first, next, { swapped: true })).toBeNull();
});

const ON_MYSQL: readonly (readonly [first: string, next: string, said: RegExp])[] = [
  [UNIQUE, "CREATE TABLE k (a int, FOREIGN KEY (a) REFERENCES u (a));", /makes the key q of u in contract \(swap\)/],
  [PRIMARY, "CREATE TABLE k (a int, FOREIGN KEY (a) REFERENCES p (a));", /makes the primary key of p/],
  [UNIQUE, "INSERT INTO u VALUES (7, 7, 7, 7) ON DUPLICATE KEY UPDATE b = 8;", /makes the key q of u/],
  [UNIQUE, "INSERT IGNORE INTO u VALUES (7, 7, 7, 7);", /makes the key q of u/],
  [UNIQUE, "ALTER TABLE u DROP INDEX q;", /makes the index q of u/],
  [PRIMARY, "ALTER TABLE p DROP PRIMARY KEY;", /makes the primary key of p/],
  ["ALTER TABLE u MODIFY a int NOT NULL;", "ALTER TABLE u ALTER a SET DEFAULT 5;", /: it changes a\./],
  [
    "ALTER TABLE u ADD CONSTRAINT q CHECK (a > 0);",
    "ALTER TABLE u DROP CONSTRAINT q;",
    /makes the constraint q of u in contract \(swap\)/,
  ],
];

it.each((["mysql", "mariadb"] as const).flatMap((dialect) => ON_MYSQL.map((need) => [dialect, ...need] as const)))(
  "%s: %s it waits there, too: %s",
  async (dialect, first, next, said) => {
    const engine = createMysqlEngine(dialect);
    expect((await waitBehind(first, next, { engine }))?.reason).toMatch(said);
    expect((await waitBehind(first, next, { engine, begun: true }))?.reason).toMatch(said);
    expect(await waitBehind(first, next, { engine, swapped: true })).toBeNull();
  },
);

it.each([
  [UNIQUE, "CREATE TABLE k (a int REFERENCES u (id));"],
  [UNIQUE, "INSERT INTO u VALUES (7, 7) ON CONFLICT (id) DO NOTHING;"],
  [CHECK, "ALTER TABLE p ADD CONSTRAINT q CHECK (a > 0);"],
  [NOT_NULL, "ALTER TABLE u ALTER b SET NOT NULL;"],
  ["CREATE UNIQUE INDEX ua ON u (a);", "CREATE TABLE k (a int REFERENCES u (a));"],
  ["ALTER TABLE u RENAME CONSTRAINT u_pkey TO ukey;", "CREATE TABLE k (a int REFERENCES u (id));"],
  ["ALTER TABLE u RENAME CONSTRAINT cc TO dd;", "INSERT INTO u (id, c) VALUES (7, 7) ON CONFLICT (c) DO NOTHING;"],
])("%s what needs nothing of it does not wait: %s", async (first, next) => {
  expect(await waitBehind(first, next)).toBeNull();
});

it.each(["mysql", "mariadb"] as const)(
  "%s: a key that is only renamed is there before and behind it",
  async (dialect) => {
    const engine = createMysqlEngine(dialect);
    const next = "CREATE TABLE k (c int, FOREIGN KEY (c) REFERENCES u (c));";
    expect(await waitBehind("ALTER TABLE u RENAME INDEX cc TO dd;", next, { engine })).toBeNull();
  },
);

it("in one file what needs a key that is only renamed runs at once", async () => {
  const file = "ALTER TABLE u RENAME CONSTRAINT u_pkey TO ukey;\nCREATE TABLE k (a int REFERENCES u (id));";
  expect(await stepsOn(T, file)).toContainEqual(expect.stringMatching(/^expand .*CREATE TABLE k/i));
});

it("in one file what needs a key runs behind it, or is refused", async () => {
  expect(await refusalOn(T, `${UNIQUE}\nCREATE TABLE k (a int REFERENCES u (a));`)).toMatch(
    /^2:1 This file makes the key q of u in contract \(swap\), which this needs: it would run in expand already. Put this statement into a later migration: it begins when this one is swapped\.$/,
  );
  const steps = await stepsOn(T, `${UNIQUE}\nALTER TABLE p ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (a);`);
  expect(steps.at(-1)).toMatch(/^swap .*"f"/);
});

it("a name that is about to be given is taken", async () => {
  const now = await schema(T);
  const { plan } = await planOn(now, UNIQUE);
  if (plan === null) throw new Error("no plan");
  const catalog = whenChanged(now, [underWay(plan, false, now, true)]);
  expect(await refusalOn(catalog, "ALTER TABLE u ADD CONSTRAINT q CHECK (a > 0);")).toMatch(
    /has a constraint q already/,
  );
});

it("a change that ends in expand is over before the next file begins", async () => {
  const engine = createMysqlEngine("mysql");
  const first = "ALTER TABLE e MODIFY s enum('a', 'b', 'c');";
  expect(await waitBehind(first, "CREATE INDEX i ON e (s);", { engine })).toBeNull();
  expect((await waitBehind(first, "CREATE INDEX i ON e (s);", { engine, begun: true }))?.reason).toMatch(
    /it changes s/,
  );
});

it.each(["mysql", "mariadb"] as const)("%s: rows are mended in front of a MODIFY in the same file", async (dialect) => {
  const engine = createMysqlEngine(dialect);
  const catalog = await given(engine);
  const version = dialect === "mysql" ? { text: "9.7", parts: [9, 7] } : engine.oldestVersion;
  const plan = (sql: string) => planMigration(fileOf(engine, "20260101000000", sql), { engine, version, catalog });
  const places = plan("UPDATE u SET b = 0 WHERE b IS NULL;\nALTER TABLE u MODIFY b int NOT NULL DEFAULT 4;").plan
    ?.steps;
  expect(places?.map((s) => `${s.stage ?? s.phase} ${s.kind}`)).toEqual([
    "backfill backfill",
    "backfill verify",
    "swap ddl",
  ]);
  const retyped = plan("UPDATE u SET b = 0 WHERE b IS NULL;\nALTER TABLE u MODIFY b varchar(20) DEFAULT 4;");
  expect(retyped.refusals).toEqual([]);
  const moved = retyped.plan?.steps.filter((s) => s.kind === "backfill").map((s) => s.id);
  expect(moved).toEqual(["1-update", "2-backfill", "2-settle"]);
});
