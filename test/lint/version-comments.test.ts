import { describe, expect, test } from "vitest";
import { rules } from "../rules/judged.js";

const BASE = "CREATE TABLE users (id int PRIMARY KEY, age int);";
const drop = (from: string) => `/*${from} ALTER TABLE users DROP COLUMN age */;`;

/** Asked of MariaDB 10.11: the column is still there behind `M!110000`, and gone behind `M!100100`. */
describe("executable comments of a version that the server does not have", () => {
  test.each([
    ["mysql", "5.7.44", "!80000", ""],
    ["mysql", "8.0.36", "!80037", ""],
    ["mysql", "8.0", "!80037", "ban-drop-column"],
    ["mysql", "8.0.36", "!80000", "ban-drop-column"],
    ["mysql", "5.7.44", "!40101", "ban-drop-column"],
    ["mysql", "9.7.0", "!", "ban-drop-column"],
    ["mariadb", "10.11.0", "M!110000", ""],
    ["mariadb", "10.11.0", "M!100100", "ban-drop-column"],
  ] as const)("%s %s, %s: %s", async (engine, version, from, said) => {
    expect(await rules([BASE, drop(from)], engine, version)).toBe(said);
  });
});
