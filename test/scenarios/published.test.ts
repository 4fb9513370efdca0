import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const RENAME = "ALTER TABLE u RENAME COLUMN e TO e2;\n";
const U = "CREATE TABLE u (id int PRIMARY KEY, e text NOT NULL UNIQUE); INSERT INTO u VALUES (1, 'a'), (2, 'b')";

describeServer("postgres", (server) => {
  const own = suite();

  /** A project with one change, and its database after `setup`. */
  async function scene(setup: string, change = RENAME) {
    const { url, project: p } = await bareScene(server, own, [setup], { change });
    const apply = (release: number) => p.run("apply", "--contract", "--release", `${release}`, "--park", "0");
    const status = async () =>
      (JSON.parse((await works(p.run("status", "--json"))).stdout) as { migrations: { status: string }[] })
        .migrations[0]?.status;
    return { url, p, apply, status };
  }

  const MARKS = `SELECT i.relname AS index, x.indisreplident AS identity, x.indisclustered AS clustered, obj_description(i.oid, 'pg_class') AS comment,
                        (SELECT c.relreplident::text FROM pg_class c WHERE c.oid = x.indrelid) AS kind
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
   WHERE x.indrelid = 'u'::regclass AND (x.indisreplident OR x.indisclustered)`;
  const MARKED = `${U}; ALTER TABLE u REPLICA IDENTITY USING INDEX u_e_key; ALTER TABLE u CLUSTER ON u_e_key;
    COMMENT ON INDEX u_e_key IS 'it''s the identity'; CREATE PUBLICATION px FOR TABLE u`;

  it("hands the replica identity and CLUSTER's mark to the new index, so that published writes never fail", async () => {
    const { url, apply, status } = await scene(MARKED);
    const before = await query(url, MARKS);
    const writes = async (column: string, id: number) => {
      await query(url, `UPDATE u SET ${column} = ${column} || '!' WHERE id = 1`);
      await query(url, `INSERT INTO u (id, ${column}) VALUES (${id}, 'n${id}'); DELETE FROM u WHERE id = ${id}`);
    };
    await works(apply(2));
    for (const column of ["e", "e2"]) await writes(column, 10);
    await works(apply(3));
    expect(await query(url, MARKS)).toEqual(before);
    await writes("e2", 11);
    await works(apply(4));
    expect(await status()).toBe("contracted");
    await writes("e2", 12);
    expect(await query(url, MARKS)).toEqual(before);
    expect(await query(url, "SELECT e2 FROM u ORDER BY id")).toEqual([{ e2: "a!!!!" }, { e2: "b" }]);
  });

  it("hands them back when the swap is taken back", async () => {
    const { url, p, apply } = await scene(MARKED);
    const before = await query(url, MARKS);
    await works(apply(2));
    await works(apply(3));
    await works(p.run("rollback", "20260101000000"));
    expect(await query(url, MARKS)).toEqual(before);
    await query(url, "UPDATE u SET e = 'back' WHERE id = 1; DELETE FROM u WHERE id = 2");
    expect(await query(url, "SELECT * FROM u")).toEqual([{ id: 1, e: "back" }]);
  });

  it.each([
    ["row filter", "CREATE PUBLICATION px FOR TABLE u WHERE (e <> 'x') WITH (publish = 'insert')"],
    ["column list", "CREATE PUBLICATION px FOR TABLE u (id, e)"],
  ])("keeps contract waiting for a publication whose %s names the column", async (_, publish) => {
    const { url, p, apply } = await scene(`${U}; ${publish}`);
    expect((await works(p.run("plan"))).stdout).toContain("publication px names e");
    await works(apply(2));
    expect((await works(apply(3))).stdout).toMatch(/dependents +publication px names e/);
    await query(url, "DROP PUBLICATION px");
    expect((await works(apply(3))).stdout).toMatch(/contract +1-swap/);
  });

  it("says which INSERTs meet two unique indexes, and where NULL is not told from a column that is left out", async () => {
    const plan = async (e: string) => {
      const { p } = await scene(`CREATE TABLE u (id int PRIMARY KEY, e ${e})`);
      return (await works(p.run("plan"))).stdout;
    };
    const [race, told] = [
      /e and e2 have a unique index each.*ON CONFLICT.*23505/,
      /an INSERT of new code that writes NULL to e2/,
    ];
    const volatile = await plan("uuid UNIQUE DEFAULT gen_random_uuid()");
    expect(volatile).toMatch(race);
    expect(volatile).toMatch(told);
    const constant = await plan("text DEFAULT 'x'");
    expect(constant).not.toMatch(race);
    expect(constant).not.toMatch(told);
    expect(await plan("uuid NOT NULL DEFAULT gen_random_uuid()")).not.toMatch(told);
  });

  it("says that subscribers need the new column, where the table is published", async () => {
    const { p } = await scene(`${U}; CREATE PUBLICATION px FOR ALL TABLES`);
    expect((await works(p.run("plan"))).stdout).toMatch(/px publishes public\.u:.*subscriber.* column e2/);
  });

  it.each([
    [
      "nothing to tell its rows apart",
      `${U}; ALTER TABLE u REPLICA IDENTITY NOTHING; CREATE PUBLICATION px FOR TABLE u`,
    ],
    [
      "a deferrable key alone",
      "CREATE TABLE u (id int PRIMARY KEY DEFERRABLE, k int NOT NULL UNIQUE, e text); CREATE PUBLICATION px FOR ALL TABLES",
    ],
  ])("refuses a published table with %s, where every UPDATE fails", async (_, setup) => {
    const { p } = await scene(setup);
    const refused = await p.run("apply", "--release", "2");
    expect(refused, refused.stderr).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/20260101000000_change\.sql:1:\d+: px publishes updates of public\.u/);
  });

  it("refuses where the publication and the replica identity would wait for each other", async () => {
    const { p } = await scene(
      `${U}; ALTER TABLE u REPLICA IDENTITY USING INDEX u_e_key; CREATE PUBLICATION px FOR TABLE u (id, e)`,
    );
    const refused = await p.run("apply", "--release", "2");
    expect(refused, refused.stderr).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("replica identity u_e_key");
  });

  it("refuses to drop a column of the replica identity", async () => {
    const { p } = await scene(
      `${U}; ALTER TABLE u REPLICA IDENTITY USING INDEX u_e_key`,
      "ALTER TABLE u DROP COLUMN e;\n",
    );
    const refused = await p.run("apply", "--release", "2");
    expect(refused, refused.stderr).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("replica identity u_e_key");
  });
});
