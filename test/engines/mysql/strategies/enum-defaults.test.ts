import { expect, it } from "vitest";
import { introspect } from "../../../../src/engines/mysql/introspect/index.js";
import type { Step } from "../../../../src/model/step.js";
import { type Bench, describeDialects } from "../support/database.js";
import { planFile, refusalOf } from "../support/file.js";
import { carryOut, planOn, tableText, takeBack } from "../support/plan.js";

const STRICT = "SET SESSION sql_mode = 'STRICT_TRANS_TABLES'";

const beforeSwap = (steps: readonly Step[]) => steps.filter((s) => s.phase !== "contract");
const contract = (steps: readonly Step[]) => steps.filter((s) => s.phase === "contract");
const beforeDrop = (steps: readonly Step[]) => steps.filter((s) => s.stage !== "drop");

const CREATE = "(id int PRIMARY KEY AUTO_INCREMENT, `it's` enum('é','q') CHARACTER SET latin1 NOT NULL, x int, y int)";

/** Each INSERT leaves the ENUM out, as a table without us allows. */
async function insert(bench: Bench, table: string): Promise<void> {
  await bench.sql(STRICT, `INSERT INTO ${table} () VALUES ()`, `INSERT INTO ${table} (id) SELECT NULL`);
}

describeDialects("enum_defaults", (bench) => {
  for (const [called, first, second] of [
    ["beside both", "x", "y"],
    ["renamed by the first", "`it's`", "y"],
    ["renamed by the second", "x", "`it's`"],
  ] as const)
    it(`gives back what two changes of one table have lent to an ENUM: ${called}`, async () => {
      const table = `two_${called.replaceAll(" ", "_")}`;
      await bench.sql(`DROP TABLE IF EXISTS ${table}`, `CREATE TABLE ${table} ${CREATE}`);
      const original = await tableText(bench, table);
      const begin = async (column: string, to: string) => {
        const { steps } = await planOn(bench, `ALTER TABLE ${table} RENAME COLUMN ${column} TO ${to}`);
        await carryOut(bench, beforeSwap(steps));
        return steps;
      };
      const a = await begin(first, "a2");
      const b = await begin(second, "b2");
      await insert(bench, table);
      await takeBack(bench, beforeSwap(b));
      await insert(bench, table);
      await takeBack(bench, beforeSwap(a));
      expect(await tableText(bench, table)).toBe(original);
      const steps = [await begin(first, "a2"), await begin(second, "b2")];
      for (const one of steps) {
        for (const step of contract(one)) {
          await carryOut(bench, [step]);
          await insert(bench, table);
        }
      }
      const plain = original.replaceAll(first === "x" ? "`x`" : first, "`a2`");
      expect(await tableText(bench, table)).toBe(plain.replaceAll(second === "y" ? "`y`" : second, "`b2`"));
    }, 60_000);

  it("gives back what the changes of one file have lent", async () => {
    await bench.sql(`CREATE TABLE one_file ${CREATE}`);
    const original = await tableText(bench, "one_file");
    const { steps } = await planFile(
      bench,
      "ALTER TABLE one_file RENAME COLUMN `it's` TO e2;\nALTER TABLE one_file RENAME COLUMN x TO x2;",
    );
    for (const step of steps) {
      await carryOut(bench, [step]);
      await insert(bench, "one_file");
    }
    expect(await tableText(bench, "one_file")).toBe(original.replaceAll("`it's`", "`e2`").replaceAll("`x`", "`x2`"));
  }, 60_000);

  it("lets an ENUM be left out while its type changes", async () => {
    await bench.sql("CREATE TABLE reordered (id int PRIMARY KEY AUTO_INCREMENT, e enum('p','q') NOT NULL, k int)");
    const { steps } = await planFile(bench, "ALTER TABLE reordered MODIFY e enum('q','p') NOT NULL COMMENT 'c';");
    expect(steps.some((s) => s.sql.some((sql) => sql.includes("CREATE TRIGGER")))).toBe(true);
    for (const step of steps) {
      await carryOut(bench, [step]);
      await bench.sql(STRICT, "INSERT INTO reordered (k) VALUES (1)", "INSERT INTO reordered (k) SELECT 2");
    }
    const [kept, again] = [
      "SELECT e FROM reordered ORDER BY id LIMIT 1",
      "SELECT e FROM reordered ORDER BY id DESC LIMIT 1",
    ];
    expect(await bench.session().query(kept)).toEqual([{ e: "p" }]);
    expect(await bench.session().query(again)).toEqual([{ e: "q" }]);
    expect(await tableText(bench, "reordered")).toContain("`e` enum('q','p') NOT NULL COMMENT 'c'");
  });

  it("tells a default that is lent from one of the column's own", async () => {
    await bench.sql(`CREATE TABLE told ${CREATE.replace("x int", "own enum('p','q') NOT NULL DEFAULT 'p', x int")}`);
    const { steps, claims } = await planOn(bench, "ALTER TABLE told RENAME COLUMN x TO x2");
    await carryOut(bench, beforeSwap(steps));
    const { tables } = await introspect(bench.session(), bench.dialect);
    const defaults = tables.find((t) => t.relation.name === "told")?.columns.map((c) => [c.name, c.default]);
    expect(defaults?.slice(1, 3)).toEqual([
      ["it's", null],
      ["own", "'p'"],
    ]);
    const lent = bench.dialect === "mariadb" ? ["it's"] : [];
    expect((claims ?? []).filter((c) => c.lends).map((c) => c.name)).toEqual(lent);
  });

  it("lends nothing that a trigger of the application looks at", async () => {
    const body =
      "IF NEW.v IS NULL THEN SET NEW.v = CONCAT('gen', NEW.k); END IF; IF NEW.e IS NULL THEN SET NEW.e = 'q'; END IF;";
    const columns =
      "(id int PRIMARY KEY AUTO_INCREMENT, v varchar(9) NOT NULL UNIQUE, e enum('p','q') NOT NULL, k int, x int)";
    for (const table of ["seen", "seen_beside", "seen_plain"])
      await bench.sql(
        `CREATE TABLE ${table} ${columns}`,
        `CREATE TRIGGER of_${table} BEFORE INSERT ON ${table} FOR EACH ROW BEGIN ${body} END`,
        `CREATE TRIGGER after_${table} AFTER UPDATE ON ${table} FOR EACH ROW SET @seen = NEW.v`,
      );
    const { steps, notes } = await planOn(bench, "ALTER TABLE seen RENAME COLUMN v TO w");
    const beside = await planOn(bench, "ALTER TABLE seen_beside RENAME COLUMN x TO x2");
    expect(notes.some((n) => n.includes("gets no default"))).toBe(bench.dialect === "mariadb");
    await carryOut(bench, [...beforeSwap(steps), ...beforeSwap(beside.steps)]);
    const written = async (table: string) => {
      await bench.sql(STRICT, `INSERT INTO ${table} (k) VALUES (1)`, `INSERT IGNORE INTO ${table} (k) VALUES (2), (3)`);
      return (await bench.session().query(`SELECT v, e, k FROM ${table} ORDER BY k`)).map((r) => ({ ...r }));
    };
    const wanted = await written("seen_plain");
    expect(wanted[0]).toMatchObject({ v: "gen1", e: "q" });
    expect(await written("seen")).toEqual(wanted);
    expect(await written("seen_beside")).toEqual(wanted);
    await bench.sql("INSERT INTO seen (w, k) VALUES ('new', 4)");
    expect(await bench.session().query("SELECT id FROM seen WHERE NOT (v <=> w)")).toEqual([]);
  });

  it("says what it lends, and has no trigger made behind it that would see it", async () => {
    await bench.sql(
      "CREATE TABLE claimed (id int PRIMARY KEY AUTO_INCREMENT, v varchar(9) NOT NULL, w varchar(9) NOT NULL, x int)",
    );
    const lent = async (text: string) => {
      const { claims } = await planFile(bench, text);
      return (claims ?? []).filter((c) => c.lends).map((c) => c.name);
    };
    const rename = "ALTER TABLE claimed RENAME COLUMN v TO n;\n";
    const split =
      "-- zmigrate:up LEFT(v, 1)\nALTER TABLE claimed ADD COLUMN a char(1);\n-- zmigrate:down a\nALTER TABLE claimed DROP COLUMN v;";
    const mariadb = bench.dialect === "mariadb";
    expect(await lent(rename)).toEqual(mariadb ? ["n"] : []);
    expect(await lent(split)).toEqual(mariadb ? ["v"] : []);
    expect(await lent("ALTER TABLE claimed MODIFY v enum('p','q') NOT NULL;")).toEqual(mariadb ? ["v"] : []);
    expect(await lent("ALTER TABLE claimed RENAME COLUMN x TO y;")).toEqual([]);
    const trigger = "CREATE TRIGGER of_claimed BEFORE INSERT ON claimed FOR EACH ROW SET NEW.w = IFNULL(NEW.w, 'q');\n";
    if (mariadb)
      expect((await refusalOf(bench, rename + trigger)).reason).toBe(
        "This file already lends v a default for the time being, which this trigger would take for what was written.",
      );
    else expect(await lent(rename + trigger)).toEqual([]);
  });

  it("leaves a TIMESTAMP beside a trigger of the application to the server, and says what ours make of one", async () => {
    for (const [n, event] of (["INSERT", "UPDATE"] as const).entries()) {
      for (const table of [`born_${n}`, `plain_born_${n}`])
        await bench.sql(
          `CREATE TABLE ${table} (id int PRIMARY KEY, at timestamp NOT NULL, k int)`,
          `CREATE TRIGGER of_${table} BEFORE ${event} ON ${table} FOR EACH ROW SET NEW.k = 1`,
        );
      const { steps } = await planOn(bench, `ALTER TABLE born_${n} RENAME COLUMN at TO since`);
      await carryOut(bench, beforeSwap(steps));
      for (const [id, mode] of ["", "STRICT_TRANS_TABLES"].entries()) {
        const outcome = async (table: string) => {
          await bench.sql(`SET SESSION sql_mode = '${mode}', timestamp = 1700000000`);
          const done = await bench.sql(`INSERT INTO ${table} (id) VALUES (${id})`).then(
            () => true,
            () => false,
          );
          const [row] = await bench.session().query(`SELECT CAST(at AS CHAR) AS at FROM ${table} WHERE id = ${id}`);
          return { done, at: row?.at };
        };
        expect(await outcome(`born_${n}`), `${event} ${mode}`).toEqual(await outcome(`plain_born_${n}`));
      }
      await bench.sql("SET SESSION sql_mode = ''", `INSERT INTO born_${n} (id, since) SELECT 2, '2024-01-02'`);
      await bench.sql(`REPLACE INTO born_${n} (id, since) SELECT 0, '2024-01-02'`);
      await bench.sql("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'");
      await bench.sql(`INSERT IGNORE INTO born_${n} (id, since) SELECT 3, '2024-01-02'`);
      const of = "WHERE at = since AND at = '2024-01-02' ORDER BY id";
      const moved = await bench.session().query(`SELECT id FROM born_${n} ${of}`);
      expect(moved.map((row) => row.id)).toEqual([0, 2, 3]);
      expect(await bench.session().query(`SELECT id FROM born_${n} WHERE NOT (at <=> since)`)).toEqual([]);
    }
    await bench.sql(
      "SET SESSION timestamp = DEFAULT",
      "CREATE TABLE aside (id int PRIMARY KEY, at timestamp NOT NULL, x int)",
    );
    const { notes } = await planOn(bench, "ALTER TABLE aside RENAME COLUMN x TO y");
    expect(notes.some((n) => n.includes("leaves at out (TIMESTAMP"))).toBe(bench.dialect === "mariadb");
  });

  it("never lends the column a default before a change of its type parks it, which a trigger may look at", async () => {
    await bench.sql(
      "CREATE TABLE retyped (id int PRIMARY KEY AUTO_INCREMENT, v varchar(9) NOT NULL)",
      "CREATE TRIGGER of_retyped BEFORE INSERT ON retyped FOR EACH ROW SET NEW.v = IFNULL(NEW.v, '7')",
    );
    const original = await tableText(bench, "retyped");
    const { steps } = await planFile(bench, "ALTER TABLE retyped MODIFY v int NOT NULL;");
    for (const step of beforeDrop(steps)) {
      await carryOut(bench, [step]);
      await bench.sql(STRICT, "INSERT INTO retyped () VALUES ()");
    }
    await bench.sql("INSERT INTO retyped (v) SELECT 7");
    expect(await bench.session().query("SELECT v FROM retyped WHERE v <> 7")).toEqual([]);
    await takeBack(bench, beforeDrop(steps));
    expect(await tableText(bench, "retyped")).toBe(original);
  });
});
