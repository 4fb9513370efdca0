import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";

const SETUP = [
  "CREATE TABLE pt (id bigint, at date NOT NULL, kind text CHECK (kind <> ''), PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
  "CREATE TABLE pt1 PARTITION OF pt (CONSTRAINT own CHECK (id > 0)) FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
  "INSERT INTO pt SELECT i, '2026-01-05', 'a' FROM generate_series(1, 20) i",
];
const DETACH = "ALTER TABLE pt DETACH PARTITION pt1";

describeServer("postgres", (server) => {
  const { after } = suite();

  it("detaches a partition as the plain statement does, without the check that CONCURRENTLY leaves, and attaches it again", async () => {
    const [db, plain] = [await server.createDatabase("detached"), await server.createDatabase("plain")];
    for (const { drop } of [db, plain]) after(drop);
    for (const sql of SETUP) for (const { url } of [db, plain]) await query(url, sql);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write("migrations/20260101000000_detach.sql", `${DETACH};\n`);
    const schemas = async () => [await schemaOf(db.url, "pt"), await schemaOf(db.url, "pt1")];
    const before = await schemas();
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--contract", "--release", "r2"));
    await query(plain.url, DETACH);
    expect(await schemas()).toEqual([await schemaOf(plain.url, "pt"), await schemaOf(plain.url, "pt1")]);

    await query(db.url, "INSERT INTO pt1 VALUES (99, '2027-01-01', 'b')");
    const { code, stderr } = await p.run("rollback", "20260101000000");
    expect(stderr).toMatch(/1 row of public\.pt1 .*bound.*Nothing was undone/s);
    expect(code).toBe(3);
    await query(db.url, "DELETE FROM pt1 WHERE id = 99");
    await works(p.run("rollback", "20260101000000"));
    expect(await schemas()).toEqual(before);
    expect(await query(db.url, "SELECT count(*)::int AS rows FROM pt")).toEqual([{ rows: 20 }]);
  });
});
