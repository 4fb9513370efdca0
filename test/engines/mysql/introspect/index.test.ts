import { beforeAll, expect, it } from "vitest";
import { findTable } from "../../../../src/engines/engine.js";
import { introspect } from "../../../../src/engines/mysql/introspect/index.js";
import { definitionOf } from "../../../../src/engines/mysql/strategies/literals.js";
import type { Catalog, Table } from "../../../../src/model/catalog.js";
import { describeDialects } from "../support/database.js";
import { tableText } from "../support/plan.js";

describeDialects("introspect", (bench) => {
  const mysql = bench.dialect === "mysql";
  let catalog: Catalog;
  const table = (name: string): Table => {
    const found = findTable(catalog, { schema: null, name });
    if (found === null) throw new Error(`no table ${name}`);
    return found;
  };
  const column = (name: string, of = "wide") => table(of).columns.find((c) => c.name === name);

  beforeAll(async () => {
    await bench.sql(
      "CREATE TABLE other (id int PRIMARY KEY, code varchar(9) NOT NULL UNIQUE)",
      `CREATE TABLE wide (
        id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
        latin varchar(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'it''s \\\\ "x"' COMMENT 'a ''b'' \\\\',
        plain varchar(20), num int DEFAULT 5, bits bit(3) DEFAULT b'101', dec_ decimal(5,2) NOT NULL DEFAULT 1.5,
        made datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
        expr varchar(80) DEFAULT (concat('a\\'b', uuid())), en enum('x','it''s') NOT NULL, moment timestamp NOT NULL DEFAULT '2020-01-01 00:00:00',
        kept int AS (num + 1) STORED, virt varchar(30) AS (concat(plain, '''q')) VIRTUAL, code varchar(9) NOT NULL DEFAULT '', pid int,
        hidden int INVISIBLE DEFAULT 1,
        CONSTRAINT wide_check CHECK (plain <> 'it''s' AND num < 100), KEY parts (plain(3) DESC, num) COMMENT 'it''s', UNIQUE KEY uniq (latin),
        CONSTRAINT wide_fk FOREIGN KEY (pid) REFERENCES other (id) ON DELETE SET NULL ON UPDATE CASCADE) DEFAULT CHARSET utf8mb4`,
      "ALTER TABLE other ADD COLUMN w bigint unsigned, ADD CONSTRAINT back FOREIGN KEY (w) REFERENCES wide (id)",
      "CREATE VIEW seen AS SELECT id, plain FROM wide",
      "CREATE TRIGGER fires BEFORE INSERT ON wide FOR EACH ROW SET NEW.num = 1",
      "CREATE TRIGGER zmigrate_sync_insert_x BEFORE INSERT ON wide FOR EACH ROW SET NEW.num = 2",
      "CREATE PROCEDURE looks() SELECT latin FROM wide",
      "CREATE FUNCTION elsewhere() RETURNS int DETERMINISTIC RETURN (SELECT max(id) FROM other)",
      "CREATE TABLE parted (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2",
      "CREATE TABLE zmigrate_meta (name int)",
    );
    catalog = await introspect(bench.session(), bench.dialect);
  });

  it("lists base tables without zmigrate's own, under names without the database", () => {
    expect(catalog).toMatchObject({ source: "database", complete: true, defaultSchema: bench.test().name });
    expect(catalog.tables.map((t) => t.relation)).toEqual(
      ["other", "parted", "wide"].map((name) => ({ schema: null, name })),
    );
    expect([table("parted").partitioned, table("wide").partitioned]).toEqual([true, false]);
    expect(table("wide").bytes).toBeGreaterThan(0);
  });

  it("gives columns that a definition can be written from: the server prints the same again", async () => {
    const before = await tableText(bench, "wide");
    for (const c of table("wide").columns.filter((x) => x.generated === null && !x.autoIncrement))
      await bench.sql(`ALTER TABLE wide MODIFY COLUMN \`${c.name}\` ${definitionOf(c)}, ALGORITHM=INSTANT`);
    expect(await tableText(bench, "wide")).toBe(before);
  });

  it("reads a default that ALTER COLUMN has given, also where information_schema has no text for it", async () => {
    const expression = mysql ? `(concat('it''s \\\\', uuid()))` : "'it''s'";
    await bench.sql(
      "CREATE TABLE given (id int PRIMARY KEY, v varchar(60), w text NOT NULL)",
      `ALTER TABLE given ALTER COLUMN v SET DEFAULT ${expression}`,
    );
    const found = findTable(await introspect(bench.session(), bench.dialect), { schema: null, name: "given" });
    const before = await tableText(bench, "given");
    for (const c of found?.columns.slice(1) ?? [])
      await bench.sql(`ALTER TABLE given MODIFY COLUMN \`${c.name}\` ${definitionOf(c)}`);
    expect(await tableText(bench, "given")).toBe(before);
    expect(before).toContain("it");
  });

  it("tells what a column is", () => {
    expect(column("id")).toMatchObject({ autoIncrement: true, notNull: true, default: null, comparable: true });
    expect(column("latin")).toMatchObject({
      characterSet: "latin1",
      collation: "latin1_bin",
      comment: "a 'b' \\",
      defaultVolatile: false,
      comparable: false,
    });
    expect(column("plain")).toMatchObject({
      characterSet: null,
      collation: null,
      default: null,
      notNull: false,
      defaultVolatile: null,
    });
    expect(column("expr")).toMatchObject({ defaultVolatile: true });
    expect(column("made")?.onUpdate?.toLowerCase()).toBe("current_timestamp(3)");
    expect(column("kept")?.generated?.kind).toBe("stored");
    expect(column("virt")?.generated).toMatchObject({ kind: "virtual", expression: expect.stringContaining("'q'") });
    expect(column("hidden")?.settings).toEqual(["INVISIBLE"]);
  });

  it("lists constraints with their columns", () => {
    const found = table("wide").constraints.map((c) => `${c.kind} ${c.name} (${c.columns.join()})`);
    expect(found.sort()).toEqual([
      "check wide_check (plain,num)",
      "foreign-key wide_fk (pid)",
      "primary-key PRIMARY (id)",
      "unique uniq (latin)",
    ]);
    expect(table("wide").constraints.find((c) => c.name === "wide_fk")?.definition).toBe(
      "FOREIGN KEY (`pid`) REFERENCES `other` (`id`) ON DELETE SET NULL ON UPDATE CASCADE",
    );
    expect(table("wide").constraints.find((c) => c.kind === "check")?.definition).toContain("it\\'s");
    expect(table("wide").referencedBy).toEqual([
      { relation: { schema: null, name: "other" }, constraint: "back", columns: ["id"] },
    ]);
  });

  it("gives index definitions that make the same index", async () => {
    const before = await tableText(bench, "wide");
    const index = table("wide").indexes.find((i) => i.name === "parts");
    expect(index).toMatchObject({ columns: ["plain", "num"], unique: false, valid: true });
    await bench.sql("ALTER TABLE wide DROP INDEX parts", index?.definition ?? "");
    expect([...(await tableText(bench, "wide")).split("\n")].sort()).toEqual([...before.split("\n")].sort());
  });

  it("finds what names a column, but not our own triggers", async () => {
    const named = (c: string) =>
      table("wide")
        .dependents.filter((d) => d.columns.includes(c))
        .map((d) => `${d.kind} ${d.name}`)
        .sort();
    expect(named("plain")).toEqual(["generated-column virt", "view seen"]);
    expect(named("num")).toEqual(["generated-column kept", "trigger fires"]);
    expect(named("latin")).toEqual(["function looks"]);
    expect(named("made")).toEqual([]);
    const gate = (c: string) => bench.database().dependents(bench.session(), { schema: null, name: "wide" }, c);
    expect([await gate("plain"), await gate("num"), await gate("pid")]).toEqual([["view seen"], ["trigger fires"], []]);
  });

  if (mysql)
    it("reads functional indexes and CHECKs that are not enforced", async () => {
      await bench.sql(
        "CREATE TABLE odd (id int PRIMARY KEY, a varchar(9), KEY f ((lower(a)), id), CONSTRAINT loose CHECK (a <> 'x') NOT ENFORCED)",
      );
      const odd = findTable(await introspect(bench.session(), bench.dialect), { schema: null, name: "odd" });
      expect(odd?.indexes.find((i) => i.name === "f")).toMatchObject({
        columns: ["a", "id"],
        definition: expect.stringContaining("((lower(`a`))"),
      });
      expect(odd?.constraints.find((c) => c.name === "loose")).toMatchObject({ validated: false });
    });
  else
    it("keeps MariaDB's column CHECKs with the column", async () => {
      await bench.sql("CREATE TABLE odd (id int PRIMARY KEY, j json, n int CHECK (n > 0))");
      const odd = findTable(await introspect(bench.session(), bench.dialect), { schema: null, name: "odd" });
      expect(odd?.columns.map((c) => c.settings.length)).toEqual([0, 1, 1]);
      expect(odd?.constraints.map((c) => c.kind)).toEqual(["primary-key"]);
    });
});
