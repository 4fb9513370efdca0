import { expect, it } from "vitest";
import { describeDialects } from "../support/database.js";
import { planFile, refusalOf } from "../support/file.js";
import { carryOut, planOn, tableText, takeBack } from "../support/plan.js";

describeDialects("createindex", (bench) => {
  const hidden = bench.dialect === "mysql" ? "INVISIBLE" : "IGNORED";
  const online: readonly (readonly [sql: string, name: string])[] = [
    ["ALTER TABLE t ADD INDEX (a)", "a_2"],
    ["CREATE UNIQUE INDEX u ON t (a(5) DESC, id) COMMENT 'c'", "u"],
    ["ALTER TABLE t ADD KEY u2 (a)", "u2"],
    [`CREATE INDEX i ON t (x(10), a DESC) ${hidden}`, "i"],
    ["CREATE INDEX i USING BTREE ON t (v)", "i"],
  ];
  it("builds what can be built online, under the name that the server would give, and takes it back", async () => {
    await bench.sql(
      "CREATE TABLE t (id int PRIMARY KEY, a varchar(20), x text, n int, v int AS (n + 1) VIRTUAL, KEY a (id), FULLTEXT KEY f (x))",
      "INSERT INTO t (id, a) VALUES (1, 'x')",
    );
    const original = await tableText(bench, "t");
    for (const [sql, name] of online) {
      const { steps } = await planOn(bench, sql);
      expect(steps).toMatchObject([{ phase: "expand", scan: true, rewrite: false, unlimited: true }]);
      await carryOut(bench, steps);
      const made = await tableText(bench, "t");
      await takeBack(bench, steps);
      expect(await tableText(bench, "t")).toBe(original);
      await bench.sql(sql);
      expect(made).toBe(await tableText(bench, "t"));
      await bench.sql(`ALTER TABLE t DROP INDEX ${name}`);
    }
  });

  it("writes a table without a primary key anew, in the order of what takes its place, and says so", async () => {
    await bench.sql("CREATE TABLE bare (id int NOT NULL, a int)", "INSERT INTO bare VALUES (1, 1)");
    const { steps, leaves } = await planOn(bench, "CREATE UNIQUE INDEX u ON bare (id)");
    expect(steps).toMatchObject([
      { rewrite: true, undo: [], reason: expect.stringContaining("written anew in its order") },
    ]);
    expect(leaves).toEqual([expect.stringContaining("A rollback leaves u")]);
    await carryOut(bench, steps);
    await bench.sql("CREATE TABLE bare2 (id int NOT NULL, a int, KEY u (a))");
    const replaced = await refusalOf(bench, "ALTER TABLE bare2 DROP INDEX u, ADD UNIQUE INDEX u (id);");
    expect(replaced.reason).toContain("no rollback could take it back");
  });

  it("brings an index back that the server takes away when another one serves the foreign key", async () => {
    await bench.sql(
      "CREATE TABLE p (id int PRIMARY KEY)",
      "CREATE TABLE c (id int PRIMARY KEY, a int, b int, CONSTRAINT own FOREIGN KEY (a) REFERENCES p (id))",
    );
    await bench.sql(`ALTER TABLE c ALTER INDEX own ${hidden}`);
    const original = await tableText(bench, "c");
    const { steps } = await planFile(bench, "CREATE INDEX wide ON c (a, b);");
    await carryOut(bench, steps);
    expect(await tableText(bench, "c")).not.toContain("KEY `own`");
    await takeBack(bench, steps);
    expect(await tableText(bench, "c")).toBe(original);
  });

  const refused: readonly (readonly [sql: string, says: RegExp, help: RegExp])[] = [
    [
      "CREATE FULLTEXT INDEX f ON w (t);",
      /a FULLTEXT index blocks writes: it writes the table anew/,
      /'ADD FULLTEXT INDEX `f` \(t\)'/,
    ],
    [
      "CREATE SPATIAL INDEX s ON w (g);",
      /a SPATIAL index blocks writes: it lets writes wait/,
      /pt-online-schema-change/,
    ],
    ...(bench.dialect === "mysql"
      ? ([
          [
            "CREATE INDEX i ON w (id, (lower(v)) DESC);",
            /a functional index blocks writes: it lets/,
            /ADD COLUMN `i_1` TYPE AS \(lower\(v\)\) VIRTUAL INVISIBLE.*CREATE INDEX `i` ON `w` \(id, `i_1`\)/,
          ],
          [
            "CREATE UNIQUE INDEX i ON w ((lower(v)));",
            /a functional index blocks writes: it copies/,
            /CREATE UNIQUE INDEX `i`/,
          ],
          ["CREATE INDEX i ON w ((CAST(j->'$' AS UNSIGNED ARRAY)));", /functional/, /gh-ost/],
        ] as const)
      : ([
          ["CREATE UNIQUE INDEX i ON w (t);", /a UNIQUE index of hashes blocks writes: it copies/, /pt-online/],
          ["CREATE INDEX i ON hashed (id);", /an index beside a UNIQUE key of hashes/, /pt-online/],
          ["ALTER TABLE hashed RENAME INDEX k TO l;", /Renaming k copies/, /pt-online/],
          ["ALTER TABLE hashed ALTER INDEX k IGNORED;", /To hide or show k copies/, /ALTER INDEX `k` IGNORED/],
          ["ALTER TABLE hashed DROP INDEX k;", /Dropping k copies/, /pt-online/],
        ] as const)),
  ];
  it("refuses what blocks writes, with the size and what to write", async () => {
    await bench.sql(
      "CREATE TABLE w (id int PRIMARY KEY, v varchar(20), t text, j json, g geometry NOT NULL)",
      ...(bench.dialect === "mysql"
        ? []
        : ["CREATE TABLE hashed (id int PRIMARY KEY, a int, t text, UNIQUE KEY h (t), KEY k (a))"]),
    );
    for (const [sql, says, help] of refused) {
      const refusal = await refusalOf(bench, sql);
      expect(refusal.reason, sql).toMatch(says);
      expect(refusal.reason, sql).toMatch(/rows, \d+ kB/);
      expect(refusal.help, sql).toMatch(help);
    }
  });

  it("offers a way round a functional index that is online, and that the server takes", async () => {
    if (bench.dialect === "mariadb") return;
    await bench.sql("CREATE TABLE way (id int PRIMARY KEY, v varchar(20))");
    const { help } = await refusalOf(bench, "CREATE INDEX i ON way ((lower(v)));");
    const [, column = "", index = ""] = /`(ALTER .*? INVISIBLE)`.*`(CREATE .*\))` behind/.exec(help) ?? [];
    const { steps } = await planFile(bench, `${column.replace("TYPE", "varchar(20)")}; ${index};`);
    expect(new Set(steps.map((s) => s.phase))).toEqual(new Set(["expand"]));
    await carryOut(bench, steps);
    const [row] = await bench
      .session()
      .query<{ key: string }>("EXPLAIN FORMAT=TRADITIONAL SELECT v FROM way WHERE lower(v) = 'x'");
    expect(row?.key).toBe("i");
  });

  it("refuses an index whose name is taken, and leaves one alone that may be there", async () => {
    await bench.sql("CREATE TABLE words (id int PRIMARY KEY, KEY k (id))");
    await expect(planOn(bench, "CREATE INDEX K ON words (id)")).rejects.toThrow(/already/);
    if (bench.dialect === "mysql") return;
    expect((await planOn(bench, "CREATE INDEX IF NOT EXISTS K ON words (id)")).steps).toEqual([]);
  });
});
