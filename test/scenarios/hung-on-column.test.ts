import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const [FIRST, SECOND, THIRD] = ["20260101000000", "20260102000000", "20260103000000"];

/** Each stays with the column that it found under the name. */
const HANGS = [
  "CREATE VIEW vb AS SELECT b FROM t",
  "CREATE MATERIALIZED VIEW mb AS SELECT b FROM t",
  "CREATE POLICY p ON t USING (b <> 'z')",
  "CREATE TRIGGER tg AFTER UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION tf()",
  "CREATE STATISTICS st ON a, b FROM t",
  "CREATE FUNCTION fb() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(b) FROM t; END",
];

describeServers(["postgres"], (server) => {
  const { after } = suite();

  it("what hangs on a column waits in a later file until the change of its type is swapped", async () => {
    const db = await server.createDatabase("hung_on_column");
    after(db.drop);
    for (const sql of [
      "CREATE TABLE t (id int PRIMARY KEY, a int, b text)",
      "INSERT INTO t SELECT i, i, 'b' FROM generate_series(1, 20) i",
      "CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
      "CREATE TRIGGER before_it AFTER UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION tf()",
      "CREATE POLICY before_it ON t USING (b <> 'y')",
    ])
      await query(db.url, sql);
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    // What hung on it before goes with the file, as the server asks for.
    p.write(
      `migrations/${FIRST}_type.sql`,
      "DROP TRIGGER before_it ON t; DROP POLICY before_it ON t; ALTER TABLE t ALTER COLUMN b TYPE varchar(40);\n",
    );
    p.write(`migrations/${SECOND}_star.sql`, "CREATE VIEW vs AS SELECT * FROM t;\n");
    const planned = await works(p.run("plan"));
    expect(planned.stdout).toMatch(/Line 1 waits: migration 20260101000000 \(type\) .*`\*` is a column more/);

    for (const sql of HANGS) {
      p.write(`migrations/${SECOND}_star.sql`, `${sql};\n`);
      const waits = await p.run("apply", "--release", "r1");
      expect(waits.code, sql + waits.stderr).toBe(4);
      expect(waits.stderr).toMatch(/changes the type of b, which this names.*is swapped.*--to 20260101000000/s);
    }
    p.write(`migrations/${SECOND}_star.sql`, `${HANGS.join(";\n")};\n`);
    p.write(`migrations/${THIRD}_all.sql`, "CREATE VIEW vs AS SELECT * FROM t;\n");

    await works(p.run("apply", "--to", FIRST, "--release", "r1"));
    await works(p.run("apply", "--to", FIRST, "--contract", "--release", "r2", "--park", "1h"));
    // The column has its name, and the parked one is there still.
    const late = await p.run("apply", "--release", "r3");
    expect(late.code, late.stderr).toBe(4);
    expect(late.stderr).toMatch(new RegExp(`${THIRD}_all.sql.*has contracted`, "s"));
    await works(p.run("apply", "--contract", "--release", "r4", "--park", "0s"));

    const left = JSON.parse((await p.run("status", "--json")).stdout).migrations;
    expect(left.map((m: { status: string }) => m.status)).toEqual(["contracted", "contracted", "contracted"]);
    expect(await query(db.url, "SELECT fb()::int AS n, (SELECT count(*)::int FROM vb) AS v")).toEqual([
      { n: 20, v: 20 },
    ]);
    const shown = await query(
      db.url,
      "SELECT attname AS c FROM pg_attribute WHERE attrelid = 'vs'::regclass AND attnum > 0 ORDER BY 1",
    );
    expect(shown).toEqual([{ c: "a" }, { c: "b" }, { c: "id" }]);
  });
});
