import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const SETUP = [
  "CREATE TABLE t (id int PRIMARY KEY, b text, c text)",
  "INSERT INTO t SELECT i, 'b', 'c' FROM generate_series(1, 200) i",
  "CREATE TABLE u (id int PRIMARY KEY)",
  "GRANT SELECT (c), UPDATE (c) ON t TO PUBLIC",
];

const COLUMNS = `SELECT attname AS name, attacl::text AS rights FROM pg_attribute
  WHERE attrelid = 't'::regclass AND attname IN ('b', 'c', 'cc') ORDER BY 1`;

const AFTER = [
  { name: "b", rights: "{=r/postgres}" },
  { name: "cc", rights: "{=r/postgres}" },
];

const TABLES = "SELECT has_table_privilege('pg_monitor', 'u2', 'SELECT') AS reads";

const flat = (text: string) => text.replaceAll(/\s+/g, " ");

describeServer("postgres", (server) => {
  const own = suite();

  it("rights that are given or taken before a column gets another one in its place are those of the other one", async () => {
    const { url, project: p } = await bareScene(server, own, SETUP, {
      grant: "GRANT SELECT (b) ON t TO PUBLIC; GRANT SELECT ON u TO pg_monitor;",
      moves: "ALTER TABLE t ALTER COLUMN b TYPE varchar(40); ALTER TABLE u RENAME TO u2;",
      revoke: "REVOKE UPDATE (c) ON t FROM PUBLIC;",
      rename: "ALTER TABLE t RENAME COLUMN c TO cc;",
    });
    const apply = (release: string, ...more: string[]) =>
      p.run("apply", "--contract", "--release", release, "--park", "0", ...more);
    for (const id of ["20260101000000", "20260103000000"]) await works(apply("r1", "--to", id));
    const early = await apply("r1");
    expect(early).toMatchObject({ code: 4 });
    expect(flat(early.stderr)).toContain("is in the way of this: it takes rights away from c");
    await works(apply("r2", "--to", "20260103000000"));
    for (const release of ["r3", "r4", "r5"]) await works(apply(release));
    expect(await query(url, COLUMNS)).toEqual(AFTER);
    expect(await query(url, TABLES)).toEqual([{ reads: true }]);
  });

  it("rights that are given while a column gets another one in its place wait, but for those on a new name", async () => {
    const { url, project: p } = await bareScene(server, own, SETUP, {
      change: `ALTER TABLE t ALTER COLUMN b TYPE varchar(40); ALTER TABLE t RENAME COLUMN c TO cc; ALTER TABLE u RENAME TO u2;`,
      beside: `REVOKE UPDATE (cc) ON t FROM PUBLIC; GRANT UPDATE ON t TO pg_monitor;`,
      rights: `GRANT SELECT (b) ON t TO PUBLIC;`,
      table: `GRANT SELECT ON u2 TO pg_monitor;`,
    });
    const early = await p.run("apply", "--release", "r1");
    expect(early).toMatchObject({ code: 4 });
    expect(flat(early.stderr)).toContain("is in the way of this: it changes the type of b");
    for (const release of ["r1", "r2", "r3"])
      await works(p.run("apply", "--contract", "--release", release, "--park", "0", "--to", "20260102000000"));
    await works(p.run("apply", "--contract", "--release", "r4", "--park", "0"));
    expect(await query(url, COLUMNS)).toEqual(AFTER);
    expect(await query(url, TABLES)).toEqual([{ reads: true }]);
  });
});
