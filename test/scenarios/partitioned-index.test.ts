import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";

const SETUP = [
  "CREATE TABLE m (id int NOT NULL, p int NOT NULL, v text) PARTITION BY RANGE (id)",
  'CREATE TABLE "M 1" PARTITION OF m FOR VALUES FROM (0) TO (100)',
  "CREATE TABLE m2 PARTITION OF m FOR VALUES FROM (100) TO (1000) PARTITION BY LIST (p)",
  "CREATE TABLE m21 PARTITION OF m2 FOR VALUES IN (1)",
  "CREATE TABLE m2_rest PARTITION OF m2 DEFAULT",
  "INSERT INTO m SELECT i, i % 3, 'v' || i FROM generate_series(0, 299) i",
];
const TABLES = ["m", '"M 1"', "m2", "m21", "m2_rest"];
const MONTH = "CREATE TABLE m3 PARTITION OF m FOR VALUES FROM (1000) TO (2000)";
const ATTACH = "ALTER TABLE m2 ATTACH PARTITION m21 FOR VALUES IN (1)";
const INDEXES =
  "SELECT relname::text AS name, indisvalid AS valid FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE relnamespace = 'public'::regnamespace ORDER BY 1";
const INDEX = "CREATE INDEX ON m (lower(v), p) INCLUDE (id) WHERE v <> ''";

describeServer("postgres", (server) => {
  const { after } = suite();

  async function begin(name: string) {
    const db = await server.createDatabase(name);
    after(db.drop);
    for (const sql of SETUP) await query(db.url, sql);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    return { url: db.url, p };
  }

  it("indexes, detaches and drops in one run what a history makes", async () => {
    const { url, p } = await begin("new_parts");
    const history = [
      "CREATE TABLE e (id int, k int) PARTITION BY RANGE (id);\nCREATE TABLE e1 PARTITION OF e FOR VALUES FROM (0) TO (10);\nCREATE INDEX ek ON e (k);\n",
      "CREATE TABLE e_rest PARTITION OF e DEFAULT;\nCREATE INDEX CONCURRENTLY eik ON e (id, k);\nINSERT INTO e VALUES (1, 1), (20, 2);\n",
      "ALTER TABLE e DETACH PARTITION e1 CONCURRENTLY;\nDROP TABLE e1;\n",
    ];
    const dropped = "DROP TABLE e;\n";
    for (const [n, sql] of history.entries()) p.write(`migrations/2026010${n + 1}000000_m.sql`, sql);
    await works(p.run("apply", "--release", "r1"));
    expect(await query(url, "SELECT * FROM e")).toEqual([{ id: 20, k: 2 }]);
    expect((await query(url, INDEXES)).map((row) => row.name)).toEqual([
      "e_rest_id_k_idx",
      "e_rest_k_idx",
      "eik",
      "ek",
    ]);

    const other = await begin("gone_parts");
    for (const [n, sql] of [history[0], dropped].entries())
      other.p.write(`migrations/2026010${n + 1}000000_m.sql`, sql as string);
    await works(other.p.run("apply", "--release", "r1"));
    expect((await query(other.url, "SELECT to_regclass('e') IS NULL AS gone"))[0]?.gone).toBe(true);
  });

  const PARTS =
    "SELECT inhrelid::regclass::text AS part, inhparent::regclass::text AS whole FROM pg_inherits ORDER BY 1";

  const schemas = async (url: string, tables: readonly string[] = TABLES) => [
    ...(await Promise.all(tables.map((table) => schemaOf(url, table)))),
    (await query(url, PARTS)).map((row) => `${row.part} ${row.whole}`),
  ];

  it("builds an index of each partition beside its writers, and ends as the plain statement does", async () => {
    const [{ url, p }, plain] = [await begin("indexed"), await begin("plain")];
    const before = await schemas(url);
    p.write("migrations/20260101000000_index.sql", `${INDEX};\n`);
    const { stdout } = await works(p.run("plan"));
    expect(stdout.match(/INDEX CONCURRENTLY/g)).toHaveLength(3);
    await works(p.run("apply", "--release", "r1"));
    await query(plain.url, INDEX);
    expect(await schemas(url)).toEqual(await schemas(plain.url));
    expect((await works(p.run("status"))).stdout).toContain("contracted");

    // It is dropped, and taken back while it is parked.
    p.write("migrations/20260102000000_drop.sql", "DROP INDEX m_lower_p_id_idx;\n");
    const indexed = await schemas(url);
    await works(p.run("apply", "--release", "r2"));
    await works(p.run("apply", "--contract", "--release", "r3"));
    expect((await schemaOf(url, "m")).join()).toContain("zmigrate_dropped_m_lower_p_id_idx");
    await works(p.run("rollback", "20260102000000"));
    expect(await schemas(url)).toEqual(indexed);
    for (const release of ["r4", "r5", "r6"])
      await works(p.run("apply", "--contract", "--park", "0", "--release", release));
    expect(await schemas(url)).toEqual(before);
    p.write("migrations/20260103000000_again.sql", `${INDEX};\n`);
    await works(p.run("apply", "--release", "r7"));
    expect(await schemas(url)).toEqual(await schemas(plain.url));

    // What is added later has its part.
    await query(url, "CREATE TABLE m3 PARTITION OF m FOR VALUES FROM (1000) TO (2000)");
    expect((await schemaOf(url, "m3")).join()).toContain("INDEX m3_lower_p_id_idx ON");
    await query(url, "DROP TABLE m3");
    await works(p.run("rollback", "20260103000000"));
    expect(await schemas(url)).toEqual(before);
  });

  it("takes back what was built of a unique one that cannot be, and indexes one partition as any table", async () => {
    const { url, p } = await begin("twice");
    await query(url, "INSERT INTO m VALUES (250, 1, 'again')");
    const before = await schemas(url);
    p.write("migrations/20260101000000_unique.sql", "CREATE UNIQUE INDEX once ON m (id, p);\n");
    expect(await p.run("apply", "--release", "r1")).toMatchObject({ code: 3 });
    // Between two runs one partition is detached, and another added.
    expect(await p.run("apply", "--release", "r1")).toMatchObject({ code: 3 });
    await query(url, "ALTER TABLE m2 DETACH PARTITION m21");
    await query(url, MONTH);
    await works(p.run("apply", "--release", "r1"));
    expect((await schemaOf(url, "m")).join()).toContain("once");
    expect(await query(url, INDEXES)).toEqual(
      ["M 1_id_p_idx", "m2_id_p_idx", "m2_rest_id_p_idx", "m3_id_p_idx", "once"].map((name) => ({ name, valid: true })),
    );
    await works(p.run("rollback", "20260101000000"));
    for (const sql of ["DROP TABLE m3", "DELETE FROM m21 WHERE v = 'again'", ATTACH]) await query(url, sql);
    expect(await schemas(url)).toEqual(before);

    p.write("migrations/20260101000000_unique.sql", 'CREATE INDEX one ON "M 1" (p);\n');
    p.write("migrations/20260102000000_drop.sql", "DROP INDEX one;\n");
    await works(p.run("apply", "--release", "r1"));
    expect((await schemaOf(url, '"M 1"')).join()).toContain("INDEX one ON");
    await works(p.run("apply", "--contract", "--release", "r2"));
    expect(await schemas(url)).toEqual(before);
    // Nothing is parked, so no time is waited for; and it can be taken back as before.
    expect((await works(p.run("status"))).stdout).toMatch(/20260102000000 drop +contracted/);
    await works(p.run("rollback", "20260102000000"));
    expect((await schemaOf(url, '"M 1"')).join()).toContain("INDEX one ON");
  });

  it("makes a written index whole, whatever partitions came and went behind plan --write", async () => {
    const [{ url, p }, plain] = [await begin("late"), await begin("late_plain")];
    p.write("migrations/20260101000000_index.sql", "CREATE INDEX by_p ON m (p);\n");
    await works(p.run("plan", "--write"));
    // A job that adds and drops partitions by date does not wait for a deploy.
    const cron = [MONTH, "CREATE TABLE m22 PARTITION OF m2 FOR VALUES IN (2)", 'DROP TABLE "M 1"'];
    const moved = "DELETE FROM m2_rest WHERE p = 2";
    for (const sql of [moved, ...cron]) for (const db of [url, plain.url]) await query(db, sql);
    const left = ["m", "m2", "m21", "m2_rest", "m22", "m3"];
    const before = await schemas(url, left);
    const { stdout } = await works(p.run("plan"));
    expect(stdout).toContain("Without steps in the file: public.m22, public.m3.");
    expect(stdout).toContain("no partition of this schema: public.M 1.");
    expect(stdout).not.toContain("written on another schema");
    await works(p.run("apply", "--release", "r1"));
    await query(plain.url, "CREATE INDEX by_p ON m (p)");
    expect(await schemas(url, left)).toEqual(await schemas(plain.url, left));
    await works(p.run("rollback", "20260101000000"));
    expect(await schemas(url, left)).toEqual(before);

    // What cannot be made whole is not begun.
    await query(url, "CREATE INDEX own ON m3 (p)");
    const refused = await p.run("apply", "--release", "r2");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("own, which would become a part of the new one");
    expect((await schemaOf(url, "m")).join()).not.toContain("by_p");
  });

  it("says where a partition came between the plan and the first step, and refuses where one has such an index", async () => {
    const { url, p } = await begin("alike");
    p.write("migrations/20260101000000_index.sql", "CREATE INDEX by_p ON m (p);\n");
    const { stdout } = await works(p.run("plan", "--format", "json"));
    const [planned] = JSON.parse(stdout).migrations as { phases: { expand: { sql: string[] }[] } }[];
    const complete = planned?.phases.expand.at(-1)?.sql[0] ?? "";
    await query(url, "CREATE INDEX by_p ON ONLY m (p)");
    await expect(query(url, complete)).rejects.toThrow(/partition of public\.m has no part of by_p.*apply it again/);
    await query(url, "DROP INDEX by_p");

    p.write("migrations/20260101000000_index.sql", `${MONTH};\nCREATE INDEX by_p ON m (p);\n`);
    const early = await p.run("plan");
    expect(early.code).toBe(1);
    expect(early.stdout + early.stderr).toMatch(/:2:1 .*m3 becomes a partition of .*m by a statement in front/);
    p.write("migrations/20260101000000_index.sql", "CREATE INDEX by_p ON m (p);\n");

    await query(url, 'CREATE INDEX own ON "M 1" (p)');
    const refused = await p.run("plan");
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).toContain("own, which would become a part of the new one");
  });
});
