import fc from "fast-check";
import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type MysqlDialect, parseMysql, tokenize } from "../../../../src/engines/mysql/parse/index.js";
import { describeServer, type TestDatabase } from "../../../servers/index.js";
import { knownTo } from "./statements/index.js";

/** Syntax error; unknown type; the names by which a SET of no variable is known. */
const SYNTAX = [1064, 1149, 4161];
const NOT_PREPARABLE = 1295;
/** What would change the server for other tests, or reach beyond the test's own database. */
const BEYOND = /\b(GLOBAL|PERSIST|USER|GRANT|REVOKE|DATABASE|FLUSH|OUTFILE|LOAD|ROLE|XA|USE p|p\.)/;
const TABLES = [
  "CREATE TABLE p (id INT PRIMARY KEY, k INT, UNIQUE (k))",
  "CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(100), c TEXT, g GEOMETRY NOT NULL, d DATETIME, KEY ka (a))",
];

/** What the server says of a statement: null when it takes it. Only what cannot be prepared is carried out. */
async function refusal(connection: Connection, sql: string): Promise<number | null> {
  const prepared = await errorOf(connection, "PREPARE s FROM ?", [sql]);
  if (prepared !== NOT_PREPARABLE) return prepared;
  const run = await errorOf(connection, sql);
  await connection.query("ROLLBACK");
  await connection.query("UNLOCK TABLES");
  for (const made of ["TRIGGER tr", "PROCEDURE pr", "FUNCTION f", "EVENT ev"]) {
    await connection.query(`DROP ${made.replace(" ", " IF EXISTS ")}`);
  }
  return run;
}

async function errorOf(connection: Connection, sql: string, values: string[] = []): Promise<number | null> {
  try {
    await connection.query(sql, values);
    return null;
  } catch (error) {
    const { errno } = error as { errno?: unknown };
    if (typeof errno !== "number") throw error;
    return errno;
  }
}

/** Statements that a server may take or not: real ones with a token put in, left out or exchanged. */
function mutants(dialect: MysqlDialect, count: number): string[] {
  const bodies = knownTo(dialect)
    .filter(([, sql]) => !BEYOND.test(sql))
    .map(([, sql]) => tokenize(sql, dialect).tokens.map(({ text }) => text));
  const words = [...new Set(bodies.flat())];
  const one = fc
    .tuple(fc.constantFrom(...bodies), fc.nat(), fc.nat(1), fc.constantFrom("", ...words))
    .map(([body, at, removed, put]) =>
      body.toSpliced(at % body.length, removed, ...(put === "" ? [] : [put])).join(" "),
    );
  return fc.sample(one, { numRuns: count, seed: 20_26 });
}

for (const dialect of ["mysql", "mariadb"] as const) {
  describeServer(dialect, (server) => {
    let database: TestDatabase;
    let connection: Connection;

    beforeAll(async () => {
      database = await server.createDatabase("parse");
      connection = await createConnection({ uri: database.url });
      for (const sql of TABLES) await connection.query(sql);
    });
    afterAll(async () => {
      await connection?.end();
      await database?.drop();
    });

    it("takes the statements that we say it takes", async () => {
      for (const [, sql] of knownTo(dialect).filter(([, known]) => !BEYOND.test(known))) {
        expect(SYNTAX, sql).not.toContain(await refusal(connection, sql));
      }
    });

    it("takes nothing that we cannot read", async () => {
      let taken = 0;
      for (const sql of mutants(dialect, 4_000)) {
        if ((await errorOf(connection, "PREPARE s FROM ?", [sql])) !== null) continue;
        // A table without columns passes the grammar and fails when it is made.
        if (/^CREATE (OR REPLACE )?TABLE( IF NOT EXISTS)? [^( ]+( [A-Z_]+ =? ?\S+)*$/.test(sql)) continue;
        taken += 1;
        expect(parseMysql(sql, dialect).problems, sql).toEqual([]);
      }
      expect(taken).toBeGreaterThan(200);
    });
  });
}
