import { Kysely } from "kysely";
import { expect, it } from "vitest";
import { mysqlJournal } from "../../../src/engines/mysql/journal.js";
import { OWN_TABLES } from "../../../src/engines/mysql/names.js";
import { JOURNAL_TABLES } from "../../../src/journal/schema.js";
import { describeDialects } from "./support/database.js";

it("compiles queries for MySQL", () => {
  const db = new Kysely<{ t: { a: string } }>({ dialect: mysqlJournal.dialect });
  expect(db.selectFrom("t").select("a").where("a", "=", "x").compile().sql).toBe("select `a` from `t` where `a` = ?");
});

describeDialects("journal", (bench) => {
  it("makes its tables, twice without a complaint, and is found by its query", async () => {
    // A table that is not there is told from one that the role may not read.
    await expect(bench.session().query(mysqlJournal.exists)).rejects.toMatchObject({ code: "ER_NO_SUCH_TABLE" });
    await bench.sql(...mysqlJournal.create, ...mysqlJournal.create);
    expect(await bench.session().query(mysqlJournal.exists)).toHaveLength(1);
    const tables = (await bench.session().query("SHOW TABLES")).map((row) => String(Object.values(row)[0]));
    const expected = [...JOURNAL_TABLES.map((name) => mysqlJournal.table(name)), "zmigrate_runner"];
    expect(tables.sort()).toEqual(expected.sort());
    expect(tables.every((name) => OWN_TABLES.includes(name))).toBe(true);
  });

  it("keeps a moment to the millisecond, in UTC", async () => {
    const at = new Date("2026-01-02T03:04:05.678Z");
    await bench
      .session()
      .query(
        "INSERT INTO zmigrate_migrations (id, name, file, checksum, status, plan, started_at) VALUES ('1', 'n', 'f', 'c', 'pending', '{}', ?)",
        [at],
      );
    expect(await bench.session().query("SELECT started_at FROM zmigrate_migrations")).toEqual([
      { started_at: "2026-01-02 03:04:05.678" },
    ]);
  });
});
