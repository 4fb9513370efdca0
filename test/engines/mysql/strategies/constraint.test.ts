import { expect, it } from "vitest";
import { introspect } from "../../../../src/engines/mysql/introspect/index.js";
import { parseMigration } from "../../../../src/history/load.js";
import type { Step } from "../../../../src/model/step.js";
import { planMigration } from "../../../../src/plan/plan.js";
import { type Bench, describeDialects } from "../support/database.js";
import { planFile, refusalOf } from "../support/file.js";
import { carryOut, tableText, takeBack } from "../support/plan.js";

/** What is done to a table `t` beside a table `p` in one statement, and where its steps stand. */
interface Case {
  readonly what: string;
  readonly changes: readonly string[];
  readonly places: readonly string[];
  readonly on?: "mysql" | "mariadb";
}

const CASES: readonly Case[] = [
  {
    what: "foreign keys",
    changes: [
      "ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL",
      "ADD FOREIGN KEY (b) REFERENCES p (id)",
      "ADD FOREIGN KEY own (n) REFERENCES p (id)",
      "ADD FOREIGN KEY (x, b) REFERENCES t (x, y)",
    ],
    places: ["backfill", "backfill", "backfill", "swap", "swap", "swap", "swap"],
  },
  {
    what: "foreign keys and then their indexes",
    changes: [
      "ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)",
      "ADD CONSTRAINT g FOREIGN KEY (n) REFERENCES p (id)",
      "ADD INDEX ia (a)",
      "ADD UNIQUE KEY inb (n, b)",
    ],
    places: ["expand", "backfill", "swap", "swap", "swap", "swap"],
  },
  {
    what: "checks and unique keys",
    changes: [
      "ADD CONSTRAINT `the check` CHECK (a > 0 AND `b` <> 7)",
      "ADD CHECK (b > 0)",
      "ADD UNIQUE (x)",
      "ADD CONSTRAINT one UNIQUE KEY two (b, c(3) DESC) COMMENT 'x'",
    ],
    places: ["swap", "swap", "swap", "swap"],
  },
  {
    what: "what loosens",
    changes: ["DROP CONSTRAINT chk", "DROP FOREIGN KEY fk", "DROP FOREIGN KEY cascading", "DROP CONSTRAINT xy"],
    places: ["expand", "expand", "swap", "swap", "drop"],
  },
  {
    what: "enforcement",
    changes: ["ALTER CHECK chk NOT ENFORCED", "ALTER CHECK idle ENFORCED", "ADD CHECK (a > 0) NOT ENFORCED"],
    places: ["expand", "expand", "swap"],
    on: "mysql",
  },
  {
    what: "another foreign key in the place of one",
    changes: ["DROP FOREIGN KEY fk", "ADD CONSTRAINT fk2 FOREIGN KEY (u) REFERENCES p (id) ON DELETE CASCADE"],
    places: ["swap", "swap"],
  },
  { what: "another primary key", changes: ["DROP PRIMARY KEY", "ADD PRIMARY KEY (d, n)"], places: ["swap"] },
  { what: "no primary key", changes: ["DROP PRIMARY KEY"], places: ["swap"] },
];

const idle = ({ dialect }: Bench) => (dialect === "mysql" ? ", CONSTRAINT idle CHECK (x > -5) NOT ENFORCED" : "");

const table = (bench: Bench, name: string) =>
  `CREATE TABLE ${name} (id int PRIMARY KEY, a int, b int, c varchar(9), d int NOT NULL, n int DEFAULT 5, x int, y int, u int, v int,
   KEY kb (b), UNIQUE KEY xy (x, y) COMMENT 'c', CONSTRAINT chk CHECK (y <> 3)${idle(bench)},
   CONSTRAINT fk FOREIGN KEY (u) REFERENCES p (id), CONSTRAINT cascading FOREIGN KEY (v) REFERENCES p (id) ON DELETE CASCADE)`;

/** Servers print generated indexes in another order after some changes. */
const sorted = (text: string) => text.replaceAll(/,$/gm, "").split("\n").sort();

const placeOf = ({ phase, stage }: Step) => stage ?? phase;

describeDialects("constraints", (bench) => {
  const fresh = async () => {
    await bench.sql("DROP TABLE IF EXISTS t", "DROP TABLE IF EXISTS plain", "DROP TABLE IF EXISTS p");
    await bench.sql("CREATE TABLE p (id int PRIMARY KEY)", "INSERT INTO p VALUES (1), (2)", table(bench, "t"));
    await bench.sql("INSERT INTO t VALUES (1, 1, 1, 'abc', 1, 1, 1, 1, 1, 1), (2, 2, 2, 'abd', 2, 2, 2, 2, 2, 2)");
  };
  /** What the server makes of the same table, whose constraints' names belong to one table at a time. */
  const byPlainSql = async (changes: readonly string[]): Promise<readonly string[]> => {
    await fresh();
    const key = changes.some((c) => c.includes("PRIMARY"));
    for (const change of key ? [changes.join(", ")] : changes) await bench.sql(`ALTER TABLE t ${change}`);
    return sorted(await tableText(bench, "t"));
  };

  for (const { what, changes, places } of CASES.filter((c) => c.on === undefined || c.on === bench.dialect))
    it(`makes ${what} as plain SQL does, and takes it back`, async () => {
      const sql = `ALTER TABLE t ${changes.join(", ")}`;
      const plain = await byPlainSql(changes);
      await fresh();
      const original = await tableText(bench, "t");
      const { steps } = await planFile(bench, `${sql};`);
      const ddl = steps.filter((s) => s.kind === "ddl");
      expect(ddl.map(placeOf)).toEqual(places);
      for (const { sql: texts } of ddl)
        for (const text of texts.filter((t) => t.startsWith("ALTER"))) expect(text).toContain("ALGORITHM=");
      await carryOut(bench, steps);
      await carryOut(bench, steps);
      expect(sorted(await tableText(bench, "t"))).toEqual(plain);
      await takeBack(bench, steps);
      expect(sorted(await tableText(bench, "t"))).toEqual(sorted(original));
    });

  it("adds a primary key to a table without one, and takes it back", async () => {
    await bench.sql("CREATE TABLE keyless (a int, b int NOT NULL, c int, UNIQUE (b))");
    await bench.sql("INSERT INTO keyless VALUES (1, 1, 1), (2, 2, 2)");
    const original = await tableText(bench, "keyless");
    const { steps } = await planFile(bench, "ALTER TABLE keyless ADD PRIMARY KEY (a, b);");
    expect(steps.map((s) => s.id)).toEqual(["1-verify-1", "1-verify", "1-primary-key"]);
    await carryOut(bench, steps);
    expect(await tableText(bench, "keyless")).toContain("PRIMARY KEY (`a`,`b`)");
    await takeBack(bench, steps);
    expect(await tableText(bench, "keyless")).toBe(original);
  });

  it.each([
    [
      "another",
      "CREATE TABLE own (id int PRIMARY KEY, a int)",
      "SET n = 7",
      "DROP PRIMARY KEY, ADD PRIMARY KEY (n, id)",
    ],
    ["a first", "CREATE TABLE own (id int NOT NULL UNIQUE, a int)", "SET n = id * 2", "ADD PRIMARY KEY (n)"],
    ["one by itself", "CREATE TABLE own (id int, a int)", "SET n = a", "ADD PRIMARY KEY (n)"],
    ["a random", "CREATE TABLE own (id int NOT NULL UNIQUE, a int)", "SET n = RAND() * 1e18", "ADD PRIMARY KEY (n)"],
  ])("gives old code's rows a value in %s key over a column of the file", async (_, table, update, key) => {
    await bench.sql("DROP TABLE IF EXISTS own", table, "INSERT INTO own VALUES (1, 1), (2, 2)");
    const original = await tableText(bench, "own");
    const file = `ALTER TABLE own ADD COLUMN n bigint;\nUPDATE own ${update};\nALTER TABLE own ${key};`;
    const { steps, notes } = await planFile(bench, file);
    expect(notes).toContainEqual(expect.stringContaining("Old code leaves n out"));
    const of = (phase: string) => steps.filter((s) => s.phase === phase);
    await carryOut(bench, of("expand"));
    await bench.sql("INSERT INTO own (id, a) VALUES (3, 3)");
    await carryOut(bench, of("backfill"));
    await bench.sql("INSERT INTO own (id, a) VALUES (4, 4)");
    await carryOut(bench, of("contract"));
    expect(await bench.session().query("SELECT id FROM own WHERE n IS NULL OR n = 0")).toEqual([]);
    expect(await tableText(bench, "own")).toContain("PRIMARY KEY (`n`");
    await expect(bench.sql("INSERT INTO own (id, n) VALUES (9, NULL)")).rejects.toThrow(/null/);
    await takeBack(bench, steps);
    expect(await tableText(bench, "own")).toBe(original);
  });

  it("reads the fill in front of ADD PRIMARY KEY, and refuses to guess one", async () => {
    await bench.sql("DROP TABLE IF EXISTS own", "CREATE TABLE own (id int PRIMARY KEY, a int)");
    const file = (fill: string) =>
      `ALTER TABLE own ADD COLUMN n bigint;\nALTER TABLE own DROP PRIMARY KEY,\n${fill}\nADD PRIMARY KEY (n, id);`;
    const { steps } = await planFile(bench, file("-- zmigrate:fill 4"));
    expect(steps.map((s) => s.id)).toContain("2-fill-insert-1");
    const { reason, help } = await refusalOf(bench, file(""));
    expect(reason).toContain("no UPDATE of this file");
    expect(help).toContain("in front of ADD PRIMARY KEY");
  });

  it("counts what is in the way before anything is strict", async () => {
    await fresh();
    await bench.sql("UPDATE t SET a = 9, x = 5", "UPDATE t SET y = id");
    const verify = async (change: string) => {
      const { steps } = await planFile(bench, `ALTER TABLE t ${change};`);
      await carryOut(
        bench,
        steps.filter((s) => s.phase === "backfill" && s.kind === "verify"),
      );
    };
    await expect(verify("ADD FOREIGN KEY (a) REFERENCES p (id)")).rejects.toThrow("rows differ: 1; 2");
    await expect(verify("ADD CHECK (a < 9)")).rejects.toThrow("rows differ: 1; 2");
    await expect(verify("ADD UNIQUE (x)")).rejects.toThrow("rows differ: 1; 2");
    await expect(verify("ADD UNIQUE (c(2))")).rejects.toThrow("rows differ: 1; 2");
    await expect(verify("DROP PRIMARY KEY, ADD PRIMARY KEY (x)")).rejects.toThrow("rows differ: 1; 2");
    await bench.sql("UPDATE t SET a = NULL, x = NULL, c = id");
    for (const change of ["ADD FOREIGN KEY (a) REFERENCES p (id)", "ADD UNIQUE (x)", "ADD UNIQUE (c(2))"])
      await verify(change);
    await expect(verify("DROP PRIMARY KEY, ADD PRIMARY KEY (x)")).rejects.toThrow("rows differ: 1; 2");
  });

  it("finds a row that lost the one it points at while the foreign key came", async () => {
    await fresh();
    const other = await bench.another();
    const { steps } = await planFile(bench, "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id);");
    await other.query("START TRANSACTION");
    await other.query("DELETE FROM t WHERE id = 2");
    await other.query("ROLLBACK");
    await bench.sql("UPDATE t SET u = NULL, v = NULL");
    await other.query("START TRANSACTION");
    await other.query("DELETE FROM p WHERE id = 2");
    const key = steps.filter((s) => s.kind === "ddl");
    await expect(carryOut(bench, key)).rejects.toThrow(/[Ll]ock wait timeout/);
    await other.query("COMMIT");
    await carryOut(bench, key);
    const after = steps.filter((s) => s.id === "1-verify-after");
    expect(after.map(placeOf)).toEqual(["swap"]);
    await expect(carryOut(bench, after)).rejects.toThrow("rows differ: 2");
    await bench.sql("UPDATE t SET b = 1");
    await carryOut(bench, after);
    await expect(bench.sql("UPDATE t SET b = 2")).rejects.toThrow(/foreign key constraint fails/);
  });

  it("keeps to the phases that an author names", async () => {
    await fresh();
    const key = "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id);";
    const { steps } = await planFile(bench, `-- zmigrate:phase contract\n${key}`);
    expect(steps.map((s) => `${s.id} ${placeOf(s)}`)).toEqual([
      "1-index swap",
      "1-add-foreign-key swap",
      "1-verify-after swap",
    ]);
    const early = await refusalOf(bench, `-- zmigrate:phase expand\n${key}`);
    expect(early.reason).toContain("stands in the expand phase");
  });

  it("refuses what the server would refuse in the contract only", async () => {
    await bench.sql("CREATE TABLE refp (id bigint PRIMARY KEY, x int)");
    await bench.sql("CREATE TABLE reft (id int AUTO_INCREMENT PRIMARY KEY, p int, q int NOT NULL)");
    const reason = async (change: string) => (await refusalOf(bench, `ALTER TABLE reft ${change};`)).reason;
    expect(await reason("ADD FOREIGN KEY (p) REFERENCES refp (id)")).toContain("(error 3780)");
    expect(await reason("ADD FOREIGN KEY (p) REFERENCES refp (x)")).toContain("(error 1822)");
    expect(await reason("ADD FOREIGN KEY (p) REFERENCES nowhere (x)")).toContain("nowhere");
    expect(await reason("DROP PRIMARY KEY, ADD PRIMARY KEY (q)")).toContain("(error 1075)");
    expect(await reason("ADD PRIMARY KEY (q)")).toContain("has a primary key already");
    expect(await reason("DROP FOREIGN KEY gone")).toContain("has no constraint gone");
    const long = `t${"x".repeat(60)}`;
    await bench.sql(`CREATE TABLE ${long} (id int PRIMARY KEY, p bigint)`);
    const named = await refusalOf(bench, `ALTER TABLE ${long} ADD FOREIGN KEY (p) REFERENCES refp (id);`);
    expect(named.help).toContain("Write CONSTRAINT");
  });

  it("refuses to copy a large table, with its size and what to run, and does online what it can", async () => {
    await bench.sql(
      "CREATE TABLE large (id int PRIMARY KEY, a int, c int, d int NOT NULL, CONSTRAINT big CHECK (c > 0))",
    );
    await bench.sql("CREATE TABLE plainlarge (a int NOT NULL)");
    const planned = async (change: string, name = "large") => {
      const catalog = await introspect(bench.session(), bench.dialect);
      const tables = catalog.tables.map((t) => ({ ...t, rows: 4_000_000, bytes: 2 ** 30 }));
      const { engine, server } = bench.database();
      const text = `ALTER TABLE ${name} ${change};`;
      const migration = parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" }, engine);
      const { plan, refusals } = planMigration(migration, {
        engine,
        catalog: { ...catalog, tables },
        version: server.version,
      });
      return {
        steps: plan?.steps ?? [],
        notes: plan?.notes ?? [],
        said: refusals.map((r) => `${r.reason} ${r.help}`).join(),
      };
    };
    const copies = [
      "ADD CONSTRAINT p CHECK (a > 0)",
      "DROP PRIMARY KEY",
      "ADD COLUMN s int AS (a + 1) STORED",
      "ADD COLUMN n int NOT NULL AUTO_INCREMENT UNIQUE",
      ...(bench.dialect === "mysql" ? ["ADD COLUMN k int CHECK (k > 0)"] : []),
    ];
    for (const change of copies) {
      const { said } = await planned(change);
      expect(said, change).toContain("about 4,000,000 rows, 1.0 GB");
      expect(said, change).toContain("pt-online-schema-change --host");
    }
    const left = await planned("ADD COLUMN k int, ADD CHECK ((`k` IS NOT NULL))");
    expect(left.said).toMatch(/This file adds k of \S*large without a default: .*DEFAULT.*-- zmigrate:fill EXPR/);
    const dropped = await planned("DROP CONSTRAINT big");
    expect(dropped.steps.map(placeOf)).toEqual(["expand"]);
    expect(dropped.notes.join()).toMatch(
      bench.dialect === "mysql" ? /brings big back NOT ENFORCED/ : /does not bring big back/,
    );
    const key = await planned("ADD PRIMARY KEY (a)", "plainlarge");
    expect(key.steps.map(placeOf)).toEqual(["drop"]);
    expect(key.steps[0]).toMatchObject({ final: true, undo: [] });
    const swapped = await planned("DROP PRIMARY KEY, ADD PRIMARY KEY (d)");
    expect(swapped.steps.at(-1)?.sql).toEqual([expect.stringMatching(/ALGORITHM=INPLACE, LOCK=NONE$/)]);
    await bench.sql("ALTER TABLE large DROP CONSTRAINT big");
    if (bench.dialect === "mariadb") return;
    await takeBack(bench, dropped.steps);
    expect(await tableText(bench, "large")).toContain("NOT ENFORCED");
    const enforced = await planned("ALTER CHECK big ENFORCED");
    expect(enforced.said).toMatch(/1\.0 GB.*Drop big in a migration.*ADD CONSTRAINT `big` CHECK/s);
  });

  it("changes a table of this release at once", async () => {
    await bench.sql("CREATE TABLE there (id int PRIMARY KEY)");
    const text = `CREATE TABLE new (id int PRIMARY KEY, p int, c int, d int NOT NULL);
ALTER TABLE new ADD FOREIGN KEY (p) REFERENCES there (id), ADD CHECK (c > 0), ADD UNIQUE (c);
ALTER TABLE new DROP PRIMARY KEY, ADD PRIMARY KEY (d);
`;
    const { steps } = await planFile(bench, text);
    expect(steps.map(placeOf).every((p) => p === "expand")).toBe(true);
    await carryOut(bench, steps);
    expect(await tableText(bench, "new")).toContain("REFERENCES `there` (`id`)");
  });
});
