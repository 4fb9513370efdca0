import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const TABLE = `CREATE TABLE t (id int PRIMARY KEY, d int, e int, x int, UNIQUE (d, x));
CREATE INDEX t_two ON t (d, x);
CREATE INDEX t_expr ON t ((d + x));
CREATE INDEX t_part ON t (x) WHERE d > 0;
CREATE INDEX t_kept ON t (x, e);
`;
const DROP = "ALTER TABLE t DROP COLUMN d;\n";
const RENAME = "ALTER TABLE t RENAME COLUMN e TO ee;\n";

describeServer("postgres", (server) => {
  const { after } = suite();

  async function begin() {
    const db = await server.createDatabase("inindex");
    after(db.drop);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    return { db, p };
  }

  const shape = async (url: string) => ({
    columns: (await query(url, "SELECT attname FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0")).map(
      (row) => String(row.attname),
    ),
    indexes: (await query(url, "SELECT indexname FROM pg_indexes WHERE tablename = 't' ORDER BY 1")).map((row) =>
      String(row.indexname),
    ),
  });

  it("plans what comes behind a drop of a column that indexes use with others", async () => {
    const { db, p } = await begin();
    await query(db.url, TABLE);
    p.write("migrations/20260101000001_drop.sql", DROP);
    p.write("migrations/20260101000002_rename.sql", RENAME);
    await works(p.run("apply", "--release", "r1"));
    expect((await shape(db.url)).columns).toEqual(expect.arrayContaining(["d", "e", "ee"]));
  });

  it("runs the whole history of such a table on an empty database", async () => {
    const { db, p } = await begin();
    p.write("migrations/20260101000001_all.sql", TABLE + DROP + RENAME);
    p.write("migrations/20260101000002_more.sql", "ALTER TABLE t ALTER COLUMN ee SET NOT NULL;\n");
    await works(p.run("apply", "--release", "r1"));
    expect((await shape(db.url)).indexes).toEqual(["t_kept", "t_pkey"]);
  });
});
