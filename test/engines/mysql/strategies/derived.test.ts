import { expect, it } from "vitest";
import type { Step } from "../../../../src/model/step.js";
import { type Bench, describeDialects } from "../support/database.js";
import { planFile, refusalOf } from "../support/file.js";
import { carryOut, tableText, takeBack } from "../support/plan.js";

const SPLIT = (table: string) => `
-- zmigrate:up SUBSTRING_INDEX(name, ' ', 1)
ALTER TABLE ${table} ADD COLUMN first varchar(20) NOT NULL COMMENT 'given';
-- zmigrate:up IF(LOCATE(' ', ${table}.name) > 0, SUBSTRING(${table}.name, LOCATE(' ', ${table}.name) + 1), NULL)
ALTER TABLE ${table} ADD COLUMN \`Last N\` varchar(20) DEFAULT 'x';
-- zmigrate:down CONCAT_WS(' ', first, \`Last N\`)
ALTER TABLE ${table} DROP COLUMN name;
`;

const MERGE = (table: string) => `
-- zmigrate:up CONCAT(cents DIV 100, '.', LPAD(MOD(cents, 100), 2, '0'), ' ', cur)
ALTER TABLE ${table} ADD COLUMN price varchar(20);
-- zmigrate:down CAST(SUBSTRING_INDEX(price, ' ', 1) * 100 AS SIGNED)
ALTER TABLE ${table} DROP COLUMN cents;
-- zmigrate:down SUBSTRING_INDEX(price, ' ', -1)
ALTER TABLE ${table} DROP COLUMN cur;
`;

const of = (steps: readonly Step[], ...stages: string[]) => steps.filter((s) => stages.includes(s.stage ?? s.phase));

async function rowsOf(bench: Bench, table: string, columns: string): Promise<unknown[][]> {
  const rows = await bench.session().query(`SELECT ${columns} FROM ${table} ORDER BY id`);
  return rows.map((r) => Object.values(r));
}

describeDialects("derived", (bench) => {
  it("says that MySQL refuses an INSERT which gives the old column's NOT NULL nothing to go by", async () => {
    await bench.sql("CREATE TABLE w (id int PRIMARY KEY, cents int NOT NULL, cur char(3))");
    const { steps, notes } = await planFile(bench, MERGE("w"));
    const said = notes.some((note) => note.includes("leaves price NULL (error 1364)"));
    await carryOut(bench, of(steps, "expand"));
    const left = bench.session().query("INSERT INTO w (id, price) VALUES (1, NULL)");
    const error = await left.then(
      () => null,
      (e: { errno?: number }) => e.errno,
    );
    expect([said, error]).toEqual(bench.dialect === "mysql" ? [true, 1364] : [false, null]);
  });

  it("splits a column: each side follows the other, and a lossy pair keeps what was written", async () => {
    await bench.sql(
      "CREATE TABLE s (id int PRIMARY KEY, name varchar(40) NOT NULL, n int)",
      "INSERT INTO s VALUES (1, 'Ada  Lovelace', 0), (2, 'Plato', 0), (3, 'Alan Turing', 0), (4, 'Grace Hopper', 0)",
    );
    const original = await tableText(bench, "s");
    const { steps, retires } = await planFile(bench, SPLIT("s"));
    expect(retires).toMatchObject([{ column: "name", replacement: null }]);
    await carryOut(bench, of(steps, "expand"));
    await bench.sql(
      "INSERT INTO s (id, name) VALUES (5, 'Old Code')",
      "INSERT INTO s (id, first, `Last N`) VALUES (6, 'New', 'Code')",
      "INSERT INTO s (id, first) VALUES (7, 'Alone')",
      "UPDATE s SET first = 'Al' WHERE id = 3",
      "UPDATE s SET name = 'G. Hopper' WHERE id = 4",
      "INSERT INTO s (id, name) VALUES (5, 'Older Code') ON DUPLICATE KEY UPDATE name = VALUES(name)",
    );
    await carryOut(bench, of(steps, "backfill"));
    await bench.sql("UPDATE s SET n = 1");
    expect(await rowsOf(bench, "s", "name, first, `Last N`")).toEqual([
      ["Ada  Lovelace", "Ada", " Lovelace"],
      ["Plato", "Plato", null],
      ["Al Turing", "Al", "Turing"],
      ["G. Hopper", "G.", "Hopper"],
      ["Older Code", "Older", "Code"],
      ["New Code", "New", "Code"],
      ["Alone", "Alone", null],
    ]);
    await takeBack(bench, of(steps, "expand", "backfill"));
    expect(await tableText(bench, "s")).toBe(original);
    await carryOut(bench, of(steps, "expand", "backfill", "swap"));
    await bench.sql(
      "UPDATE s SET n = 2",
      "INSERT INTO s (id, first, `Last N`) VALUES (8, 'After', 'Swap')",
      "UPDATE s SET `Last N` = 'King' WHERE id = 1",
      "UPDATE s SET first = REPEAT('y', 20), `Last N` = REPEAT('z', 20) WHERE id = 2",
    );
    const added = steps.flatMap((s) => s.adds ?? []);
    expect(added.map((a) => [a.column, steps.some((s) => s.id === a.keptBy)])).toEqual([
      ["first", true],
      ["Last N", true],
    ]);
    for (const { written } of added) {
      const lost = written.replaceAll("`name`", () => `\`${retires[0]?.parked}\``);
      expect(await bench.session().query(`SELECT id FROM s WHERE ${lost}`)).toEqual([{ id: 2 }]);
    }
    await takeBack(bench, of(steps, "expand", "backfill", "swap"));
    expect(await tableText(bench, "s")).toBe(original);
    expect((await rowsOf(bench, "s", "name")).flat()).toEqual(
      expect.arrayContaining(["Ada King", "Plato", "G. Hopper", "After Swap"]),
    );
    const [column] = steps.filter((s) => s.stage === "drop").toReversed();
    await carryOut(
      bench,
      steps.filter((s) => s !== column),
    );
    await bench.sql("INSERT INTO s (id, first) VALUES (10, 'Between')");
    await carryOut(
      bench,
      steps.filter((s) => s === column),
    );
    await bench.sql("INSERT INTO s (id, first) VALUES (9, 'Last')");
    expect(await tableText(bench, "s")).toMatch(
      /`first` varchar\(20\) NOT NULL COMMENT 'given',\s+`Last N` varchar\(20\) DEFAULT 'x',/,
    );
    expect(await tableText(bench, "s")).not.toMatch(/name|zmigrate/);
  });

  it("merges columns, from a side of which one column alone is written", async () => {
    await bench.sql(
      "CREATE TABLE m (id int PRIMARY KEY, cents int NOT NULL DEFAULT 0, cur char(3) NOT NULL DEFAULT 'EUR')",
      "INSERT INTO m VALUES (1, 150, 'EUR'), (2, 99, 'USD')",
    );
    const { steps } = await planFile(bench, MERGE("m"));
    await carryOut(bench, of(steps, "expand"));
    await bench.sql(
      "INSERT INTO m (id, cents) VALUES (3, 7)",
      "INSERT INTO m (id, price) VALUES (4, '12.34 CHF')",
      "UPDATE m SET cur = 'GBP' WHERE id = 1",
      "UPDATE m SET price = '1.00 USD' WHERE id = 2",
      "INSERT INTO m (id, price) VALUES (5, 'for nothing'), (6, '1.00 two words')",
    );
    await carryOut(bench, of(steps, "backfill"));
    expect((await rowsOf(bench, "m", "cents, cur, price")).slice(0, 4)).toEqual([
      [150, "GBP", "1.50 GBP"],
      [100, "USD", "1.00 USD"],
      [7, "EUR", "0.07 EUR"],
      [1234, "CHF", "12.34 CHF"],
    ]);
    const [own] = steps.flatMap((s) => s.adds ?? []);
    const lost = await bench.session().query(`SELECT id FROM m WHERE ${own?.written}`);
    expect(lost).toEqual([{ id: 5 }, { id: 6 }]);
    await carryOut(bench, steps);
    expect(await tableText(bench, "m")).not.toMatch(/cents|cur|zmigrate/);
  });

  it("keeps a derived copy until the contract", async () => {
    await bench.sql(
      "CREATE TABLE c (id int PRIMARY KEY, mail varchar(40))",
      "INSERT INTO c VALUES (1, 'A@x'), (2, NULL)",
    );
    const { steps } = await planFile(bench, "-- zmigrate:up LOWER(mail)\nALTER TABLE c ADD key_mail varchar(40);");
    await carryOut(bench, of(steps, "expand"));
    await bench.sql("INSERT INTO c (id, mail) VALUES (3, 'B@x')", "INSERT INTO c (id, key_mail) VALUES (4, 'own')");
    await carryOut(bench, of(steps, "backfill"));
    await bench.sql("UPDATE c SET mail = 'D@x' WHERE id = 1");
    expect((await rowsOf(bench, "c", "key_mail")).flat()).toEqual(["d@x", null, "b@x", "own"]);
    await carryOut(bench, steps);
    await bench.sql("UPDATE c SET mail = 'E@x' WHERE id = 1");
    expect((await rowsOf(bench, "c", "key_mail")).flat()[0]).toBe("d@x");
  });

  it("computes the new side from what the server stores where a writer that is not strict leaves the old one out", async () => {
    await bench.sql("CREATE TABLE o (id int PRIMARY KEY, a varchar(9) NOT NULL, b decimal(4,1) NOT NULL)");
    const file =
      "-- zmigrate:up CONCAT(a, '-', b)\nALTER TABLE o ADD ab varchar(20);\n-- zmigrate:down SUBSTRING_INDEX(ab, '-', 1)\nALTER TABLE o DROP a;";
    await carryOut(bench, of((await planFile(bench, file)).steps, "expand"));
    await bench.sql(
      "SET SESSION sql_mode = ''",
      "INSERT INTO o (id) VALUES (1)",
      "INSERT INTO o (id, a) VALUES (2, 'x')",
      "UPDATE o SET a = NULL WHERE id = 2",
      "INSERT INTO o (id, ab) VALUES (3, 'new-1')",
    );
    expect(await rowsOf(bench, "o", "a, ab")).toEqual([
      ["", "-0.0"],
      ["", "-0.0"],
      ["new", "new-1"],
    ]);
  });

  const CHECKED = { mysql: [4, "The check r_chk_1 names"], mariadb: [2, "has a CHECK"] } as const;
  const refusals: readonly (readonly [file: string, line: number, says: string])[] = [
    ["-- zmigrate:up a\nALTER TABLE r ADD b int;\nALTER TABLE r DROP COLUMN a;", 3, "computed from a"],
    ["\n-- zmigrate:down b\nALTER TABLE r DROP COLUMN a;", 3, "adds none"],
    ["-- zmigrate:down b\nALTER TABLE r DROP a;\n-- zmigrate:up a\nALTER TABLE r ADD b int;", 2, "dropped above"],
    ["-- zmigrate:up (SELECT 1)\nALTER TABLE r ADD b int;", 2, "no expression"],
    ["-- zmigrate:up b + 1\nALTER TABLE r ADD b int;", 2, "names b itself"],
    ["-- zmigrate:up a\nALTER TABLE r ADD b int;\n-- zmigrate:down a\nALTER TABLE r DROP a;", 2, "names a itself"],
    ["-- zmigrate:up u\nALTER TABLE r ADD b int;\n-- zmigrate:down b\nALTER TABLE r DROP u;", 2, "is unique"],
    [
      "DROP INDEX u ON r;\n-- zmigrate:up u\nALTER TABLE r ADD b int;\n-- zmigrate:down b\nALTER TABLE r DROP u;",
      3,
      "is unique",
    ],
    [
      "-- zmigrate:up n\nALTER TABLE r ADD b int;\n-- zmigrate:down b\nALTER TABLE r DROP n;",
      CHECKED[bench.dialect][0],
      CHECKED[bench.dialect][1],
    ],
  ];
  it("refuses at its line what could lose something", async () => {
    await bench.sql("CREATE TABLE r (id int PRIMARY KEY, a int, u int UNIQUE, n int CHECK (n > 0))");
    for (const [file, line, says] of refusals) {
      const refusal = await refusalOf(bench, file);
      expect(refusal.reason, file).toContain(says);
      expect(refusal.line, file).toBe(line);
    }
  });
});
