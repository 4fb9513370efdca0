import { expect, it } from "vitest";
import { findTable } from "../../../src/engines/engine.js";
import { keepsColumns } from "../../../src/engines/mysql/keeps-columns.js";
import { describeDialects } from "./support/database.js";

/** Whether the server drops the column `v` beside writers, by either way. */
const TABLES: readonly (readonly [string, ("mysql" | "mariadb")[], string | null])[] = [
  ["y int, g int AS (y + 1) VIRTUAL, KEY gi (g)", ["mysql"], "gi"],
  ["y int, g int AS (y + 1) VIRTUAL UNIQUE", ["mysql"], "g"],
  ["y int, g int AS (y + 1) VIRTUAL, KEY both_of (y, g)", ["mysql"], "both_of"],
  ["y int, g int AS (y + 1) VIRTUAL", ["mysql", "mariadb"], null],
  ["y int, g int AS (y + 1) STORED, KEY gi (g)", ["mysql", "mariadb"], null],
  ["y varchar(9), FULLTEXT KEY ft (y)", [], "ft"],
  ["y text, UNIQUE KEY hu (y)", [], "hu"],
  ["y text, UNIQUE KEY hu (y(20))", ["mysql", "mariadb"], null],
  ["y point NOT NULL, SPATIAL KEY sp (y)", ["mysql", "mariadb"], null],
];

describeDialects("keeps", (bench) => {
  const drop = (table: string) => `ALTER TABLE \`${table}\` DROP COLUMN \`v\`, ALGORITHM=`;

  it("says what keeps the server from dropping a column beside writers, and says it of nothing else", async () => {
    for (const [index, [columns, dropped, name]] of TABLES.entries()) {
      // MySQL has no keys of hashes (error 1170).
      if (name === "hu" && bench.dialect === "mysql") continue;
      const table = `k${index}`;
      await bench.sql(`CREATE TABLE ${table} (id int PRIMARY KEY, v int, ${columns})`);
      const found = findTable(await bench.database().introspect(bench.session()), { schema: null, name: table });
      if (found === null) throw new Error("no table");
      const kept = keepsColumns(found, [`${drop(table)}INSTANT`], bench.dialect);
      expect(kept?.name ?? null, columns).toBe(dropped.includes(bench.dialect) ? null : name);
      const add = `ALTER TABLE \`${table}\` ADD COLUMN \`w\` int, ALGORITHM=INSTANT`;
      expect(keepsColumns(found, [add], bench.dialect)?.name ?? null).toBe(name === "hu" ? "hu" : null);
      const ran = bench
        .database()
        .run(bench.session(), [`${drop(table)}INSTANT`], { lockMs: 1_000, statementMs: 0 }, false);
      if (kept === null) await ran;
      else await expect(ran).rejects.toMatchObject({ errno: expect.any(Number) });
      await bench.database().reset(bench.session());
    }
  });

  it("lets a virtual column go beside an index of another one", async () => {
    await bench.sql(
      "CREATE TABLE vs (id int PRIMARY KEY, y int, h int AS (y) VIRTUAL, g int AS (y + 1) VIRTUAL, KEY (g))",
    );
    const found = findTable(await bench.database().introspect(bench.session()), { schema: null, name: "vs" });
    if (found === null) throw new Error("no table");
    const sql = "ALTER TABLE `vs` DROP COLUMN `h`, ALGORITHM=INSTANT";
    expect(keepsColumns(found, [sql], bench.dialect)).toBe(null);
    await bench.database().run(bench.session(), [sql], { lockMs: 1_000, statementMs: 0 }, false);
  });

  it("keeps a key of hashes from nothing but its own drop, and of two from that too, as the server does", async () => {
    if (bench.dialect === "mysql") return;
    for (const [name, more, refused] of [
      ["one", "", false],
      ["two", ", UNIQUE KEY h2 (b)", true],
    ] as const) {
      await bench.sql(`CREATE TABLE ${name} (id int PRIMARY KEY, a text, b text, UNIQUE KEY h1 (a)${more})`);
      const found = findTable(await bench.database().introspect(bench.session()), { schema: null, name });
      if (found === null) throw new Error("no table");
      const sql = `ALTER TABLE \`${name}\` DROP INDEX \`h1\`, ALGORITHM=INPLACE, LOCK=NONE`;
      expect(keepsColumns(found, [sql], bench.dialect)?.kind ?? null).toBe(refused ? "unique-hash" : null);
      const ran = bench.database().run(bench.session(), [sql], { lockMs: 1_000, statementMs: 0 }, false);
      if (refused) await expect(ran).rejects.toMatchObject({ errno: 1846 });
      else await ran;
      await bench.database().reset(bench.session());
    }
  });

  it("keeps a table with a default from a sequence from being altered under a lock, whatever else is locked", async () => {
    if (bench.dialect === "mysql") return;
    await bench.sql(
      "CREATE SEQUENCE numbers",
      "CREATE TABLE counted (id int PRIMARY KEY, no int DEFAULT (nextval(numbers)))",
    );
    const found = findTable(await bench.database().introspect(bench.session()), { schema: null, name: "counted" });
    if (found === null) throw new Error("no table");
    const alter = "ALTER TABLE `counted` ADD COLUMN w int";
    for (const lock of ["LOCK TABLES `counted` WRITE", "LOCK TABLES `counted` WRITE, `numbers` READ"])
      expect(keepsColumns(found, [lock, alter], bench.dialect)).toMatchObject({ kind: "sequence-default", name: "no" });
    expect(keepsColumns(found, [alter], bench.dialect)).toBe(null);
  });
});
