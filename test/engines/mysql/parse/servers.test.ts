import type { Connection, RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Version } from "../../../../src/engines/engine.js";
import type { MysqlDialect } from "../../../../src/engines/mysql/parse/dialect.js";
import { parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import { versionOf } from "../../../../src/engines/mysql/version.js";
import { isReservedIn } from "../../../../src/lint/reserved-names.js";
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

    it("reserves the words that we say it reserves", async () => {
      const [answer] = await connection.query<RowDataPacket[]>("SELECT VERSION() AS version");
      const [rows] = await connection.query<(RowDataPacket & { word: string })[]>(
        "SELECT WORD AS word FROM information_schema.KEYWORDS",
      );
      const words = rows.map(({ word }) => word).filter((word) => /^\w+$/.test(word));
      const wrong: string[] = [];
      for (const word of words) {
        const sql = `CREATE TABLE words (${word} INT)`;
        const refused = isSyntaxError(await ask(connection, sql));
        if (refused !== isRefusedName(sql, dialect, versionOf(answer[0]?.version))) wrong.push(word);
      }
      expect(wrong).toEqual([]);
      expect(words.length).toBeGreaterThan(600);
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

/** Whether the name in a statement is one that this server has reserved. */
function isRefusedName(sql: string, dialect: MysqlDialect, version: Version): boolean {
  const { statements, problems } = parseMysql(sql, dialect);
  const names = statements.flatMap(({ reservedNames = [] }) => reservedNames);
  return problems.length > 0 || names.some(({ reserved }) => isReservedIn(reserved, version, version));
}

/** What passes the servers' grammar and fails when it is carried out: a table without columns. */
function isTakenTooEarly(sql: string): boolean {
  return /^CREATE (OR REPLACE )?(TEMPORARY )?TABLE( IF NOT EXISTS)? [^( ]+( [A-Z_]+ =? ?\S+)*$/.test(sql);
}
