import { expect, it } from "vitest";
import { parseMysql } from "../../../../src/engines/mysql/parse/index.js";

const SHAPES: readonly [string, (depth: number) => string][] = [
  ["parentheses", (n) => `SELECT ${"(".repeat(n)}1${")".repeat(n)}`],
  ["calls", (n) => `SELECT ${"f(".repeat(n)}1${")".repeat(n)}`],
  ["intervals", (n) => `SELECT ${"f(INTERVAL ".repeat(n)}1${" DAY + d)".repeat(n)}`],
  ["queries", (n) => `SELECT ${"(SELECT ".repeat(n)}1${")".repeat(n)}`],
  ["tables", (n) => `SELECT 1 FROM ${"(".repeat(n)}t${")".repeat(n)}`],
  ["derived tables", (n) => `SELECT 1 FROM ${"(SELECT * FROM ".repeat(n)}t${") x".repeat(n)}`],
  ["conditions", (n) => `SELECT ${"CASE WHEN ".repeat(n)}1${" THEN 1 END".repeat(n)}`],
  ["blocks", (n) => `CREATE PROCEDURE p() ${"BEGIN ".repeat(n)}${"END;".repeat(n)}`],
  ["handlers", (n) => `CREATE PROCEDURE p() BEGIN ${"DECLARE EXIT HANDLER FOR 1 ".repeat(n)}SELECT 1; END`],
  ["settings", (n) => `${"SET STATEMENT a = 1 FOR ".repeat(n)}SELECT 1`],
  ["explanations", (n) => `${"ANALYZE ".repeat(n)}SELECT 1`],
  ["checks", (n) => `CREATE TABLE t (a INT CHECK ${"(".repeat(n)}1${")".repeat(n)})`],
];

it.each(SHAPES)("%s are read to any depth that somebody writes", (_, write) => {
  const { statements, problems } = parseMysql(write(40), "mariadb");
  expect([statements.length, problems]).toEqual([1, []]);
});

it.each(SHAPES)("%s beyond every depth end in no error of ours", (_, write) => {
  const { statements, problems } = parseMysql(write(30_000), "mariadb");
  const known = statements.flatMap(({ operations }) => operations);
  expect(known.every((each) => each.kind === "other" && each.detail === undefined && !each.harmless)).toBe(true);
  expect(statements.length + problems.length).toBeGreaterThan(0);
});
