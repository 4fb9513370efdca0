import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import type { Operation } from "../../../../src/model/operation.js";
import { describeServer, type TestDatabase } from "../../../servers/index.js";
import { mutants } from "./differential/mutants.js";
import { isOfOtherVersion } from "./differential/other-versions.js";
import { ask, isSyntaxError, openDifferential } from "./differential/server.js";
import { knownTo } from "./statements/index.js";

/** What is more than a name: it can be planned, it is harmless, or it says what it changes. */
function isUnderstood(operation: Operation): boolean {
  return operation.kind !== "other" || operation.harmless || operation.detail !== undefined;
}

for (const dialect of ["mysql", "mariadb"] as const) {
  describeServer(dialect, (server) => {
    let database: TestDatabase;
    let connection: Connection;

    beforeAll(async () => {
      database = await server.createDatabase("parse");
      connection = await openDifferential(database.url);
    });
    afterAll(async () => {
      await connection?.end();
      await database?.drop();
    });

    it("takes the statements that we say it takes", async () => {
      const refused: string[] = [];
      for (const [, sql] of knownTo(dialect)) {
        if (isOfOtherVersion(sql, dialect)) continue;
        if (isSyntaxError(await ask(connection, sql))) refused.push(sql);
      }
      expect(refused).toEqual([]);
    });

    it("takes nothing that we cannot read", async () => {
      let taken = 0;
      const unread: string[] = [];
      for (const sql of mutants(dialect, ["drop", "double", "swap", "exchange"], 4_000)) {
        const answer = await ask(connection, sql);
        if (!answer.asked || answer.errno !== null || isTakenTooEarly(sql)) continue;
        taken += 1;
        if (parseMysql(sql, dialect).problems.length > 0) unread.push(sql);
      }
      expect(unread).toEqual([]);
      expect(taken).toBeGreaterThan(200);
    });

    it("takes what we say we understand", async () => {
      let refused = 0;
      const understood: string[] = [];
      for (const sql of mutants(dialect, ["drop", "double", "swap"], 4_000)) {
        if (isOfOtherVersion(sql, dialect) || !isSyntaxError(await ask(connection, sql))) continue;
        refused += 1;
        const { statements, problems } = parseMysql(sql, dialect);
        const operations = statements.flatMap((statement) => statement.operations);
        if (problems.length === 0 && operations.length > 0 && operations.every(isUnderstood)) understood.push(sql);
      }
      expect(understood).toEqual([]);
      expect(refused).toBeGreaterThan(2_000);
    });
  });
}

/** What passes the servers' grammar and fails when it is carried out: a table without columns. */
function isTakenTooEarly(sql: string): boolean {
  return /^CREATE (OR REPLACE )?(TEMPORARY )?TABLE( IF NOT EXISTS)? [^( ]+( [A-Z_]+ =? ?\S+)*$/.test(sql);
}
