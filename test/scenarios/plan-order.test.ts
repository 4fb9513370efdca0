import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { type Project, project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { type Suite, suite } from "./support/suite.js";

const ID = "20260101000000";
const FILE = `migrations/${ID}_change.sql`;

interface Given {
  readonly url: string;
  readonly p: Project;
}

async function given(
  s: Suite,
  server: { readonly name: string; createDatabase(name: string): Promise<{ url: string; drop(): Promise<unknown> }> },
  setup: readonly string[],
  migration: string,
): Promise<Given> {
  const db = await server.createDatabase("order");
  s.after(() => db.drop());
  for (const sql of setup) await query(db.url, sql);
  const p = project(db.url);
  s.after(async () => p.remove());
  await works(p.run("init", "--engine", server.name));
  p.write(FILE, migration);
  return { url: db.url, p };
}

/** Expand, backfill, swap and, with `drop`, the drop, each in a release of its own. */
async function applied({ p }: Given, drop: boolean): Promise<void> {
  const release = (n: number) => ["--release", `${drop ? "again" : "r"}${n}`];
  await works(p.run("apply", ...release(1)));
  await works(p.run("apply", "--contract", "--require-contract", ...release(2)));
  if (drop) await works(p.run("apply", "--contract", "--park", "0", ...release(3)));
}

describeServer("postgres", (server) => {
  const s = suite();

  const SETUP = [
    "CREATE TABLE pt (id bigint, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
    "CREATE TABLE pt3 (id bigint NOT NULL, at date NOT NULL, PRIMARY KEY (id, at))",
    "INSERT INTO pt3 VALUES (1, '2026-03-02')",
    "CREATE TABLE k (a int NOT NULL, b int NOT NULL, CONSTRAINT k_key PRIMARY KEY (a))",
    'CREATE TABLE s (id int PRIMARY KEY, "Full Name" text NOT NULL)',
    "INSERT INTO s VALUES (1, 'A B')",
    "CREATE TABLE d (id int PRIMARY KEY, c int, n int, CONSTRAINT c_set CHECK (c > 0), CONSTRAINT n_one UNIQUE (n))",
    "INSERT INTO d VALUES (1, 1, 1)",
    "CREATE TABLE gone (x int)",
    "CREATE INDEX gone_x ON gone (x)",
  ];
  const TOGETHER = `
    ALTER TABLE pt ATTACH PARTITION pt3 FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
    ALTER TABLE pt ADD COLUMN w int DEFAULT 3;
    CREATE UNIQUE INDEX k_new ON k (a, b);
    ALTER TABLE k DROP CONSTRAINT k_key, ADD CONSTRAINT k_key PRIMARY KEY USING INDEX k_new;
    ALTER TABLE d DROP CONSTRAINT c_set, DROP COLUMN c;
    ALTER TABLE d DROP CONSTRAINT n_one;
    ALTER TABLE d DROP COLUMN n;
    DROP INDEX gone_x;
    DROP TABLE gone;
    -- zmigrate:up "Full Name"
    ALTER TABLE s ADD COLUMN first text;
    -- zmigrate:down first
    ALTER TABLE s DROP COLUMN "Full Name";`;
  const stateOf = async (url: string) =>
    (await Promise.all(["pt", "pt3", "k", "s", "d"].map((t) => schemaOf(url, t)))).flat();

  it("keeps the order of a file where phases turn it round: partitions and keys", async () => {
    const g = await given(s, server, SETUP, TOGETHER);
    const plain = await server.createDatabase("plain");
    s.after(() => plain.drop());
    for (const sql of [...SETUP, TOGETHER]) await query(plain.url, sql);
    const before = await stateOf(g.url);
    expect((await works(g.p.run("plan"))).stdout).not.toContain("unused-directive");
    await works(g.p.run("plan", "--write"));
    await applied(g, false);
    await works(g.p.run("rollback", ID));
    expect(await stateOf(g.url)).toEqual(before);
    expect((await schemaOf(g.url, "gone")).join()).toContain("gone_x");
    await applied(g, true);
    expect(await stateOf(g.url)).toEqual(await stateOf(plain.url));
    expect(await query(g.url, "SELECT w FROM pt")).toEqual([{ w: 3 }]);
    expect(await query(g.url, "SELECT first FROM s")).toEqual([{ first: "A B" }]);
  });

  it("refuses what would reach a partition that the file takes out, and takes its place too early", async () => {
    const partitions = ["CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')"];
    const g = await given(s, server, [...SETUP, ...partitions], "ALTER TABLE pt DETACH PARTITION pt1;\n");
    const planned = async (more: string) => {
      g.p.write(FILE, `ALTER TABLE pt DETACH PARTITION pt1;\n${more}\n`);
      const { code, stdout } = await g.p.run("plan");
      return `${code} ${stdout}`;
    };
    expect(await planned("ALTER TABLE pt ADD COLUMN w int;")).toMatch(
      /^1 .*change\.sql:1:1 This file changes .*pt behind it/s,
    );
    const third = "CREATE TABLE pt2 PARTITION OF pt FOR VALUES FROM ('2026-01-15') TO ('2026-03-01');";
    expect(await planned(third)).toMatch(/^1 .*may overlap/s);
    const other = "CREATE TABLE pt2 PARTITION OF pt FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');";
    expect(await planned(`${other}\nALTER TABLE pt1 ADD COLUMN w int;`)).toMatch(
      /^0 .*2-create-partition.*1-detach.*3-add-column/s,
    );
  });

  it("takes back what others hang on by now, and says what it leaves", async () => {
    const setup = [
      "CREATE ROLE zmigrate_order_reader",
      'CREATE TABLE t (id int PRIMARY KEY, a varchar(9), b text COLLATE "C") WITH (fillfactor = 90)',
      "CREATE VIEW v AS SELECT id, a FROM t",
      "CREATE VIEW v2 AS SELECT id FROM v",
      "GRANT SELECT ON v2 TO zmigrate_order_reader WITH GRANT OPTION",
    ];
    s.after(async () => {
      const other = await server.createDatabase("role");
      await query(other.url, "DROP ROLE IF EXISTS zmigrate_order_reader");
      await other.drop();
    });
    const g = await given(
      s,
      server,
      setup,
      `CREATE OR REPLACE VIEW v AS SELECT id, a, b FROM t WHERE id > 5;
ALTER TABLE t SET (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = off);
ALTER TABLE t REPLICA IDENTITY FULL;
REVOKE SELECT ON v2 FROM zmigrate_order_reader;
ALTER TYPE mood ADD VALUE 'fine';`,
    );
    await query(g.url, "CREATE TYPE mood AS ENUM ('sad')");
    await applied(g, false);
    await query(g.url, "INSERT INTO t VALUES (1, 'x', 'y')");
    const { stdout } = await works(g.p.run("rollback", ID));
    expect(stdout).not.toContain("as it was before.");
    expect(stdout).toMatch(/as it was before, except:\n +- A rollback leaves .*fine/);
    const [table] = await query(
      g.url,
      "SELECT reloptions::text AS o, relreplident AS r FROM pg_class WHERE relname = 't'",
    );
    expect(table).toEqual({ o: "{fillfactor=90}", r: "d" });
    expect(await query(g.url, "SELECT * FROM v")).toEqual([{ id: 1, a: "x", b: null }]);
    await query(g.url, "INSERT INTO v (id, a) VALUES (2, 'z')");
    const [right] = await query(
      g.url,
      "SELECT has_table_privilege('zmigrate_order_reader', 'v2', 'SELECT WITH GRANT OPTION') AS has",
    );
    expect(right).toEqual({ has: true });
  });

  it("counts the rows that a rollback would make strict again before it undoes anything", async () => {
    const setup = [
      "CREATE TABLE p (id int PRIMARY KEY)",
      "CREATE TABLE d (id int PRIMARY KEY, c text NOT NULL, n int NOT NULL, o int, CONSTRAINT o_p FOREIGN KEY (o) REFERENCES p, CONSTRAINT o_set CHECK (o > 0))",
      "INSERT INTO d VALUES (1, 'a', 1)",
    ];
    const g = await given(
      s,
      server,
      setup,
      "ALTER TABLE d DROP COLUMN c;\nALTER TABLE d ALTER COLUMN n DROP NOT NULL;\nALTER TABLE d DROP CONSTRAINT o_p;\nALTER TABLE d DROP CONSTRAINT o_set;",
    );
    const before = await schemaOf(g.url, "d");
    await applied(g, false);
    const after = await schemaOf(g.url, "d");
    await query(g.url, "INSERT INTO d (id, n, o) VALUES (2, NULL, -1)");
    const [parked] = await query(g.url, "SELECT attname AS c FROM pg_attribute WHERE attname ~ '^zmigrate_dropped'");
    const mends = [
      [/1 row of public\.d violate o_set: CHECK/, "UPDATE d SET o = 1 WHERE id = 2"],
      [/violate o_p: FOREIGN KEY/, "INSERT INTO p VALUES (1)"],
      [/hold NULL in n/, "UPDATE d SET n = 2 WHERE n IS NULL"],
      [
        /hold NULL in c.*Keys of some: 2.*SET "zmigrate_dropped/s,
        `UPDATE d SET ${String(parked?.c)} = 'b' WHERE id = 2`,
      ],
    ] as const;
    for (const [says, mend] of mends) {
      const { code, stderr } = await g.p.run("rollback", ID, "--accept-loss");
      expect([code, stderr]).toEqual([3, expect.stringMatching(says)]);
      expect(stderr).toContain("Nothing was undone.");
      await query(g.url, mend);
    }
    expect(await schemaOf(g.url, "d")).toEqual(after);
    await works(g.p.run("rollback", ID));
    expect(await schemaOf(g.url, "d")).toEqual(before);
    expect(await query(g.url, "SELECT c FROM d ORDER BY id")).toEqual([{ c: "a" }, { c: "b" }]);
  });

  it("refuses a type that an index or a check does not stand, before anything is moved", async () => {
    const setup = [
      "CREATE TYPE mood AS ENUM ('sad', 'ok')",
      "CREATE TABLE e (id int PRIMARY KEY, m mood NOT NULL, n text)",
      "CREATE INDEX e_m ON e (m) WHERE m = 'sad'",
      "CREATE INDEX e_n ON e (lower(n)) WHERE n > 'a'",
      "INSERT INTO e VALUES (1, 'ok', '5')",
    ];
    const enums =
      "CREATE TYPE mood2 AS ENUM ('ok', 'sad');\nALTER TABLE e ALTER COLUMN m TYPE mood2 USING m::text::mood2;";
    const g = await given(s, server, setup, enums);
    const { code, stdout } = await g.p.run("plan");
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/change\.sql:2:\d+ e_m names values of public.mood: .*'sad'::public.mood/),
    ]);
    g.p.write(FILE, "ALTER TABLE e ALTER COLUMN n TYPE int USING n::int;");
    const before = await schemaOf(g.url, "e");
    const applied = await g.p.run("apply", "--release", "r1");
    expect([applied.code, applied.stderr]).toEqual([
      3,
      expect.stringMatching(/step 1-add-column: operator does not exist: integer > text/),
    ]);
    expect(await schemaOf(g.url, "e")).toEqual(before);
    await works(g.p.run("rollback", ID));
    g.p.write(FILE, "ALTER TABLE e ALTER COLUMN n TYPE varchar(3);");
    await works(g.p.run("apply", "--release", "r1"));
    expect((await schemaOf(g.url, "e")).filter((line) => line.startsWith("index"))).toHaveLength(4);
  });
});
