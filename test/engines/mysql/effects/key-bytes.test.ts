import { expect, it } from "vitest";
import { findTable } from "../../../../src/engines/engine.js";
import { hashedIndexes } from "../../../../src/engines/mysql/effects/index-facts.js";
import { prefixIn } from "../../../../src/engines/mysql/effects/key-bytes.js";
import { describeDialects } from "../support/database.js";

/** Columns, the key over them, and the table's character set: around the limit on either side. */
const KEYS: readonly (readonly [columns: string, key: string, set?: string])[] = [
  ...(["768", "769"] as const).map((n) => [`a varchar(${n})`, "a"] as const),
  ...(["1024", "1025"] as const).map((n) => [`a varchar(${n})`, "a", "utf8mb3"] as const),
  ...(["3072", "3073"] as const).map((n) => [`a varchar(${n})`, "a", "latin1"] as const),
  ...(["3072", "3073"] as const).map((n) => [`a varbinary(${n})`, "a"] as const),
  ...(["1536", "1537"] as const).map((n) => [`a varchar(${n}) CHARACTER SET ucs2`, "a"] as const),
  ...(["767", "768"] as const).map((n) => [`a varchar(${n}), b int`, "a, b"] as const),
  ...(["760", "761"] as const).map((n) => [`a decimal(65,30), b varchar(${n})`, "a, b"] as const),
  ...(["766", "767"] as const).map((n) => [`a datetime(6), b varchar(${n})`, "a, b"] as const),
  ...(["764", "765"] as const).map((n) => [`a uuid, b varchar(${n})`, "a, b"] as const),
  ...(["766", "767"] as const).map((n) => [`a bit(64), b varchar(${n})`, "a, b"] as const),
  ...(["768", "769"] as const).map((n) => [`a varchar(2000)`, `a(${n})`] as const),
  ...(["768", "769"] as const).map((n) => [`a text`, `a(${n})`] as const),
  ...(["3072", "3073"] as const).map((n) => [`a blob`, `a(${n})`] as const),
  ["a enum('x'), b varchar(767), c tinyint, d tinyint, e tinyint", "a, b, c, d, e"],
  ["a text, b varchar(800)", "a(767), b(1)"],
  ["a text, b varchar(800)", "a(768), b(1)"],
  ["a tinytext", "a"],
  ["a json", "a"],
];

describeDialects("keybytes", (bench) => {
  it("tells which UNIQUE keys MariaDB makes keys of hashes of, from their columns alone", async () => {
    if (bench.dialect === "mysql") return;
    for (const [n, [columns, key, set = "utf8mb4"]] of KEYS.entries())
      await bench.sql(
        `CREATE TABLE k${n} (id int PRIMARY KEY, ${columns}, UNIQUE KEY u (${key})) CHARACTER SET ${set}`,
      );
    const catalog = await bench.database().introspect(bench.session());
    for (const [n, [columns, key]] of KEYS.entries()) {
      const table = findTable(catalog, { schema: null, name: `k${n}` });
      if (table === null) throw new Error("no table");
      const hashed = table.indexes.some((i) => i.definition.includes("USING HASH"));
      const unsaid = { ...table, indexes: table.indexes.map((i) => ({ ...i, definition: `UNIQUE KEY u (${key})` })) };
      const own = { ...unsaid, indexes: unsaid.indexes.filter((i) => i.name === "u") };
      expect(hashedIndexes(own, "mariadb").length > 0, `${columns}: ${key}`).toBe(hashed);
    }
  });

  it("reads how much of a column is in a key", () => {
    expect([prefixIn("(20) DESC"), prefixIn(" ( 3 )"), prefixIn(" DESC"), prefixIn("")]).toEqual([20, 3, null, null]);
  });
});
