import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";

/** What stands in one file, and one table each: setup, the file, and the table's name behind it where that is another. */
const COMPOSED: readonly (readonly [table: string, setup: string, file: string, after?: string])[] = [
  [
    "named",
    "CREATE TABLE named (id int, x int, CONSTRAINT named_key PRIMARY KEY (id)); CREATE INDEX named_x ON named (x)",
    "ALTER INDEX named_x RENAME TO called_x; ALTER TABLE named RENAME CONSTRAINT named_key TO called_key; ALTER TABLE named RENAME TO called",
    "called",
  ],
  [
    "typed",
    "CREATE TABLE typed (id int PRIMARY KEY, x int NOT NULL DEFAULT 0, v varchar(5) DEFAULT 'a')",
    "ALTER TABLE typed ALTER x SET DEFAULT 7, ALTER x TYPE numeric(9, 3), ALTER v SET DEFAULT 'abcdefg', ALTER v TYPE varchar(9)",
  ],
  [
    "keyed",
    "CREATE TABLE keyed (id int NOT NULL, x int NOT NULL, CONSTRAINT keyed_key PRIMARY KEY (id))",
    "ALTER TABLE keyed DROP CONSTRAINT keyed_key, ALTER id DROP NOT NULL, ADD CONSTRAINT keyed_key PRIMARY KEY (x)",
  ],
];

describeServer("postgres", (server) => {
  const s = suite();

  it("composes several changes in one file as the plain statements do", async () => {
    const setup = COMPOSED.flatMap(([table, sql]) => [sql, `INSERT INTO ${table} (id, x) VALUES (1, 4), (2, 5)`]);
    const files = Object.fromEntries(COMPOSED.map(([table, , sql]) => [table, `${sql};\n`]));
    const { url, project: p } = await bareScene(server, s, setup, files);
    const plain = await server.createDatabase("plain");
    s.after(plain.drop);
    for (const sql of [...setup, ...Object.values(files)]) await query(plain.url, sql);
    for (const n of [1, 2, 3]) await works(p.run("apply", "--contract", "--park", "0", "--release", `r${n}`));
    const status = JSON.parse((await works(p.run("status", "--json"))).stdout) as { migrations: { status: string }[] };
    expect(status.migrations.map((m) => m.status)).toEqual(COMPOSED.map(() => "contracted"));
    for (const [before, , , table = before] of COMPOSED) {
      expect(await schemaOf(url, table)).toEqual(await schemaOf(plain.url, table));
      const rows = `SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`;
      expect(await query(url, rows)).toEqual(await query(plain.url, rows));
    }
  }, 60_000);
});
