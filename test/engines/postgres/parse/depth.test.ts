import { beforeAll, describe, expect, it } from "vitest";
import { DEPTH_LIMIT } from "../../../../src/engines/postgres/parse/depth.js";
import { loadParser, parsePostgres } from "../../../../src/engines/postgres/parse/index.js";

beforeAll(loadParser);

/** Shapes of SQL that nest, by how much a repetition weighs. */
const NESTED: Record<string, (n: number) => string> = {
  "a chain of operators": (n) => `SELECT ${"1+".repeat(n)}1`,
  "nested calls": (n) => `SELECT ${"f(".repeat(n)}1${")".repeat(n)}`,
  "a chain of casts": (n) => `SELECT 1${"::int".repeat(n)}`,
  "a chain of NOT": (n) => `SELECT ${"NOT ".repeat(n)}true`,
  "nested subqueries": (n) => `SELECT ${"(SELECT ".repeat(n)}1${")".repeat(n)}`,
  "a chain of UNION": (n) => `SELECT 1${" UNION SELECT 1".repeat(n)}`,
  "a chain of joins": (n) => `SELECT 1 FROM a${" JOIN a ON x".repeat(n)}`,
  "nested CASE": (n) => `SELECT ${"CASE WHEN ".repeat(n)}1${" THEN 1 END".repeat(n)}`,
  "nested arrays": (n) => `SELECT ${"ARRAY[".repeat(n)}1${"]".repeat(n)}`,
  "nested FROM": (n) => `SELECT ${"1 FROM (SELECT ".repeat(n)}1${") x".repeat(n)}`,
};

const FLAT: Record<string, string> = {
  "rows of values": `INSERT INTO t VALUES ${"(1, -1, 'a' || 'b'), ".repeat(5000)}(1, 2, 3)`,
  "a list of conditions": `SELECT 1 WHERE ${"a = 1 AND b <> -1 OR ".repeat(5000)}true`,
  "a long CASE": `SELECT CASE ${"WHEN a = 1 THEN -1 ".repeat(5000)}ELSE 0 END`,
  "many queries": `SELECT 1 AS a, 'x' AS b, now() AS c${" UNION ALL SELECT 1 AS a, 'x' AS b, now() AS c".repeat(1500)}`,
  "many columns": `CREATE TABLE t (${"a int NOT NULL DEFAULT 1 CHECK (a > 0), ".repeat(1500)}b int)`,
};

describe("depth", () => {
  it.each(Object.entries(NESTED))("of %s is refused when it could break the parser, which lives on", (_, sql) => {
    const { statements, problems } = parsePostgres(`${sql(50_000)};\nDROP TABLE t;`);
    expect(problems.map((p) => p.message)).toEqual(["the statement is nested too deeply to be parsed"]);
    expect(statements.map((s) => s.sql)).toEqual(["DROP TABLE t"]);
  });

  it.each(Object.entries(NESTED))("of %s is parsed up to a few hundred", (_, sql) => {
    expect(parsePostgres(sql(400)).problems).toEqual([]);
  });

  it.each(Object.entries(NESTED))("of %s never breaks the parser on this side of the limit", (_, sql) => {
    const sizes = [0.2, 0.4, 0.6, 0.8, 0.99, 1.01].map((f) => Math.floor(DEPTH_LIMIT * f));
    const messages = sizes.flatMap((n) => parsePostgres(sql(n)).problems.map((p) => p.message));
    expect(messages.filter((m) => !m.includes("too deeply"))).toEqual([]);
  });

  it.each(Object.entries(FLAT))("of %s is not its length", (_, sql) => {
    expect(parsePostgres(sql).problems).toEqual([]);
  });
});
