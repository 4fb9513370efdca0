import { expect, it } from "vitest";
import { describeDialects } from "../../support/database.js";
import { planFile } from "../../support/file.js";
import { carryOut, planOn } from "../../support/plan.js";

describeDialects("rename_notes", (bench) => {
  it("names of the triggers that a backfill fires those that an UPDATE of this table fires", async () => {
    await bench.sql(
      "CREATE TABLE t (id int PRIMARY KEY, a int, k int)",
      "CREATE TABLE other (id int PRIMARY KEY, a int)",
      "CREATE TRIGGER on_insert BEFORE INSERT ON t FOR EACH ROW SET NEW.k = NEW.a",
      "CREATE TRIGGER on_update AFTER UPDATE ON t FOR EACH ROW SET @seen = NEW.a",
      "CREATE TRIGGER of_other AFTER UPDATE ON other FOR EACH ROW UPDATE t SET a = NEW.a WHERE id = NEW.id",
    );
    const fired = async (change: string) =>
      (await planFile(bench, change)).notes.filter((note) => note.includes("fire the triggers"));
    const changes = ["RENAME COLUMN a TO b", "MODIFY a varchar(20)"].map((change) => `ALTER TABLE t ${change};`);
    for (const change of changes) expect(await fired(change)).toEqual([expect.stringMatching(/: on_update\.$/)]);
    await bench.sql("DROP TRIGGER on_update");
    for (const change of changes) expect(await fired(change)).toEqual([]);
  });

  it("says that writes depend on the user who made the triggers, and they do", async () => {
    await bench.sql("CREATE TABLE kept (id int PRIMARY KEY, a int)", "INSERT INTO kept VALUES (1, 1)");
    const { steps, notes } = await planOn(bench, "ALTER TABLE kept RENAME COLUMN a TO b");
    expect(notes.filter((note) => note.includes("loses TRIGGER"))).toHaveLength(1);
    await carryOut(bench, steps.slice(0, 1));
    const user = "zm_definer";
    await bench.sql(
      `DROP USER IF EXISTS ${user}@'%'`,
      `CREATE USER ${user}@'%' IDENTIFIED BY 'pw'`,
      `GRANT SELECT, UPDATE, TRIGGER ON \`${bench.test().name}\`.kept TO ${user}@'%'`,
    );
    const creating = steps.find((s) => s.id.endsWith("sync-update"))?.sql[0] ?? "";
    await bench.sql(creating.replace("CREATE TRIGGER", `CREATE DEFINER = ${user}@'%' TRIGGER`));
    const write = "UPDATE kept SET a = a + 1";
    await bench.sql(write);
    const on = `TRIGGER ON \`${bench.test().name}\`.kept`;
    await bench.sql(`REVOKE ${on} FROM ${user}@'%'`);
    await expect(bench.sql(write)).rejects.toThrow(/TRIGGER command denied/);
    await bench.sql(`GRANT ${on} TO ${user}@'%'`, write);
    await bench.sql(`DROP USER ${user}@'%'`);
    await expect(bench.sql(write)).rejects.toThrow(/definer/);
  });
});
