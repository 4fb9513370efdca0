import { expect, it } from "vitest";
import { displayChange } from "../../../../../src/engines/mysql/effects/modify/display.js";

/** Asked of MySQL 9.7 and MariaDB 10.11: SHOW CREATE TABLE before and after MODIFY, with ALGORITHM=INSTANT. */
it.each([
  ["int unsigned", "int(8) unsigned zerofill", "display", "display"],
  ["int(5) unsigned zerofill", "int(8) zerofill", "display", "display"],
  ["int(10) unsigned zerofill", "int zerofill", "same", "same"],
  ["int(5) unsigned zerofill", "int unsigned", "display", "display"],
  ["tinyint", "tinyint(1)", "display", "display"],
  ["tinyint(1)", "tinyint(4)", "display", "display"],
  ["tinyint(1)", "BOOLEAN", "same", "same"],
  ["tinyint unsigned", "tinyint(1) unsigned", "same", "display"],
  ["int", "INTEGER(11)", "same", "same"],
  ["int", "int(8)", "same", "width"],
  ["int(5)", "int", "width", "width"],
  ["bigint", "bigint(20)", "same", "same"],
  ["int", "int(0)", "same", "same"],
  ["year", "year(4)", "same", "same"],
  ["year", "year(2)", "display", "display"],
  ["double", "double(8,2)", "display", "display"],
  ["double(8,2)", "double(9,2)", "width", "width"],
  ["double(8,2)", "double(8,3)", "display", "display"],
  ["double(8,2)", "double(8,2)", "same", "same"],
  ["double(8,2)", "real", "width", "width"],
  ["double unsigned", "double zerofill", "display", "display"],
  ["double", "float(30)", "same", "same"],
  ["float unsigned", "float zerofill", "display", "display"],
  ["decimal(10,2) unsigned", "decimal(10,2) zerofill", "display", "display"],
  ["int", "bigint", "same", "same"],
] as const)("%s to %s", (old, type, mysql, mariadb) => {
  expect([displayChange(old, type, "mysql"), displayChange(old, type, "mariadb")]).toEqual([mysql, mariadb]);
});
