import { describe, expect, it } from "vitest";
import { namesColumn } from "../../../../src/engines/mysql/queries/names-column.js";
import { readQueries } from "../../../../src/engines/mysql/queries/read.js";
import { emptyCatalog } from "../../../../src/history/replay.js";

describe.each(["mysql", "mariadb"] as const)("%s", (dialect) => {
  const named = (digest: string, column: string | null = "a"): boolean => {
    const [query] = readQueries(digest, dialect);
    if (query?.read.kind !== "query") throw new Error(`${digest}: ${query?.read.kind}`);
    return namesColumn(
      query.read.sql,
      { relation: { schema: null, name: "t" }, column },
      emptyCatalog("files", null),
      dialect,
    );
  };

  it.each([
    "SELECT `a` FROM `t` WHERE `id` = ?",
    "SELECT `x` . `A` FROM `t` AS `x` JOIN `o` ON `o` . `id` = `x` . `id`",
    "SELECT `x` . `a` FROM `T` `x`",
    "INSERT INTO `t` ( `id` , `a` ) VALUES (...)",
    "UPDATE `t` SET `a` = ? WHERE `id` = ?",
    "DELETE FROM `t` WHERE `a` IN (...)",
    "SELECT ? FROM `o` WHERE `id` IN ( SELECT `a` FROM `t` )",
  ])("%s names it", (digest) => expect(named(digest)).toBe(true));

  it.each([
    "SELECT * FROM `t`",
    "SELECT `o` . `a` FROM `t` JOIN `o` ON `o` . `id` = `t` . `id`",
    "SELECT `y` . `a` FROM `t` JOIN `o` AS `y` ON `y` . `id` = `t` . `id`",
    "SELECT `a` FROM `o`",
    "INSERT INTO `o` ( `a` ) VALUES (?)",
  ])("%s does not", (digest) => expect(named(digest)).toBe(false));

  it("finds a table by its name", () => {
    expect(named("SELECT ? FROM `t`", null)).toBe(true);
    expect(named("SELECT `t` FROM `o`", null)).toBe(false);
  });
});
