import { beforeAll, expect, it } from "vitest";
import { createMysqlEngine } from "../../../../src/engines/mysql/index.js";
import { parseMigration } from "../../../../src/history/load.js";
import type { OscTool } from "../../../../src/model/osc.js";
import { planMigration } from "../../../../src/plan/plan.js";
import { describeDialects } from "../support/database.js";

const PERCONA = "pt-online-schema-change";

describeDialects("bytool", (bench) => {
  const on = (name: typeof bench.dialect) => (bench.dialect === name ? it : () => undefined);

  beforeAll(() =>
    bench.sql(
      "CREATE TABLE parent (id int PRIMARY KEY, a varchar(20) CHARACTER SET latin1, n int DEFAULT NULL)",
      "CREATE TABLE child (id int PRIMARY KEY, p int, CONSTRAINT fk FOREIGN KEY (p) REFERENCES parent (id))",
      "CREATE TABLE t (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, a varchar(20) CHARACTER SET latin1, n int DEFAULT NULL, KEY an (a, n)) CHARACTER SET latin1",
      "CREATE TABLE uniq (id int PRIMARY KEY, a varchar(20), b varchar(20), UNIQUE KEY u (a, b)) CHARACTER SET latin1",
      "CREATE TABLE fired (id int PRIMARY KEY, n int)",
      "CREATE TRIGGER own BEFORE INSERT ON fired FOR EACH ROW SET NEW.n = 1",
      "CREATE TABLE checked (id int PRIMARY KEY, n int, CONSTRAINT positive CHECK (n > 0))",
      "CREATE TABLE keyless (n int)",
    ),
  );

  async function planned(sql: string, tool: OscTool = PERCONA, args: readonly string[] = []) {
    const engine = createMysqlEngine(bench.dialect, { tool, path: `/opt/${tool}`, args });
    const given = { id: "20260101000000", slug: "x", file: "x.sql", text: sql, checksum: "" };
    const catalog = await bench.database().introspect(bench.session());
    const context = { engine, catalog, version: bench.database().server.version };
    return planMigration(parseMigration(given, engine), context);
  }
  const stepOf = async (...of: Parameters<typeof planned>) => {
    const { plan, refusals } = await planned(...of);
    expect(refusals).toEqual([]);
    expect(plan?.steps).toHaveLength(1);
    return plan?.steps[0];
  };
  const refusalOf = async (...of: Parameters<typeof planned>) => (await planned(...of)).refusals[0]?.reason;

  const HANDED = [
    "ALTER TABLE t MODIFY id bigint NOT NULL AUTO_INCREMENT",
    "ALTER TABLE t PARTITION BY HASH (id) PARTITIONS 4",
    "ALTER TABLE t PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (9), PARTITION q VALUES LESS THAN MAXVALUE)",
    "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4",
  ];
  for (const sql of HANDED)
    it(`hands over ${sql}`, async () => {
      // Both columns of one index cannot be exchanged: only then is a conversion not done in place of second columns.
      if (sql.includes("CONVERT")) await bench.sql("ALTER TABLE t MODIFY n varchar(20) CHARACTER SET latin1");
      const step = await stepOf(`${sql};`);
      expect(step).toMatchObject({ phase: "contract", stage: "swap", final: true, undo: [], probe: null });
      expect(step?.sql[0]).toMatch(/^ALTER TABLE `t` /);
      expect(step?.tool).toMatchObject({ tool: PERCONA, relation: { name: "t" } });
      expect(step?.tool?.command).toMatch(/^\/opt\/pt-online-schema-change --defaults-file=FILE .*h=HOST,P=PORT,D=/);
    });

  it("hands over nothing by which a row could get lost where the server would refuse it", async () => {
    const lost: readonly (readonly [string, RegExp])[] = [
      ["ALTER TABLE t MODIFY id smallint NOT NULL AUTO_INCREMENT", /some may not fit/],
      ["ALTER TABLE t PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (9))", /no partition takes/],
      ["ALTER TABLE t PARTITION BY LIST (id) (PARTITION p VALUES IN (9))", /no partition takes/],
      ["ALTER TABLE uniq CONVERT TO CHARACTER SET utf8mb4", /whose unique values become equal/],
      ["ALTER TABLE uniq CONVERT TO CHARACTER SET ascii", /letters that the character set has not/],
    ];
    for (const [sql, why] of lost) expect(await refusalOf(`${sql};`), sql).toMatch(why);
  });

  it("refuses what the program cannot, and a file with other changes", async () => {
    const bigint = (table: string) => `ALTER TABLE ${table} MODIFY id bigint NOT NULL;`;
    expect(await refusalOf(bigint("parent"))).toMatch(/fk of child.*has no --alter-foreign-keys-method/);
    expect(await refusalOf(bigint("fired"))).toMatch(/triggers \(own\), and `osc.args` has no --preserve-triggers/);
    expect(await refusalOf("ALTER TABLE keyless PARTITION BY HASH (n);")).toMatch(/neither a primary key nor a unique/);
    expect(await refusalOf(`${bigint("fired")}`, PERCONA, ["--preserve-triggers"])).toBeUndefined();
    const two = "ALTER TABLE t PARTITION BY HASH (id); ALTER TABLE child ADD COLUMN z int;";
    expect(await refusalOf(two)).toMatch(/not the only change of its file/);
  });

  on("mysql")("knows what each program of MySQL cannot", async () => {
    const key = (table: string) => `ALTER TABLE ${table} MODIFY id bigint NOT NULL;`;
    const { plan } = await planned(key("checked"));
    expect(plan?.notes[0]).toMatch(/^positive: pt-online-schema-change gives these constraints of checked,/);
    for (const tool of ["gh-ost", "spirit"] as const) {
      expect(await refusalOf(key("parent"), tool)).toMatch(/foreign keys point at it/);
      expect(await refusalOf(key("fired"), tool)).toMatch(/it has triggers \(own\)\./);
      expect((await stepOf(key("checked"), tool))?.tool?.command).toMatch(`/opt/${tool} `);
    }
  });

  on("mariadb")("knows which programs are for MySQL alone", async () => {
    await expect(planned("SELECT 1;", "gh-ost")).rejects.toMatchObject({ code: "osc-unfit" });
  });
});
