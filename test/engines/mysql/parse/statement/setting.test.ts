import { describe, expect, it } from "vitest";
import type { MysqlDialect } from "../../../../../src/engines/mysql/parse/index.js";
import { detailOf } from "../one.js";

const settings = (sql: string, dialect: MysqlDialect = "mysql") =>
  (
    detailOf(sql, dialect) as { settings: readonly { scope: string; name: string; value: string | null }[] }
  ).settings.map(({ scope, name, value }) => [scope, name, value]);

describe("SET", () => {
  it.each([
    ["SET foreign_key_checks = 0", [["session", "foreign_key_checks", "0"]]],
    ["SET resource = 5", [["session", "resource", "5"]]],
    [
      "SET a = 1, GLOBAL b = ON, c = 'x'",
      [
        ["session", "a", "1"],
        ["global", "b", "ON"],
        ["global", "c", "x"],
      ],
    ],
    [
      "SET @@session.a = DEFAULT, @@GLOBAL.b = 1",
      [
        ["session", "a", null],
        ["global", "b", "1"],
      ],
    ],
    [
      "SET PERSIST a = 1, PERSIST_ONLY b = 2",
      [
        ["persist", "a", "1"],
        ["persist-only", "b", "2"],
      ],
    ],
    [
      "SET @x = 1 + 1, @`y z` := 'a'",
      [
        ["variable", "x", "1 + 1"],
        ["variable", "y z", "a"],
      ],
    ],
    ["SET NAMES 'utf8mb4' COLLATE utf8mb4_bin", [["session", "names", "utf8mb4"]]],
    ["SET CHARACTER SET latin1", [["session", "character set", "latin1"]]],
    ["SET TRANSACTION READ ONLY", [["transaction", "transaction_read_only", "ON"]]],
    [
      "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
      [["session", "transaction_isolation", "READ-COMMITTED"]],
    ],
  ])("%s", (sql, expected) => {
    expect(settings(sql)).toEqual(expected);
  });
});

describe("transactions", () => {
  it.each([
    ["BEGIN WORK", { action: "begin", chain: false, readOnly: null }],
    ["START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", { action: "begin", readOnly: true }],
    ["COMMIT AND CHAIN", { action: "commit", chain: true }],
    ["ROLLBACK AND NO CHAIN RELEASE", { action: "rollback", chain: false }],
    ["ROLLBACK TO SAVEPOINT a", { action: "rollback-to-savepoint", name: "a" }],
    ["ROLLBACK WORK TO a", { action: "rollback-to-savepoint", name: "a" }],
    ["SAVEPOINT `a b`", { action: "savepoint", name: "a b" }],
    ["RELEASE SAVEPOINT a", { action: "release-savepoint", name: "a" }],
    ["XA PREPARE 'a', 'b', 1", { action: "prepare", distributed: true, name: "a" }],
  ])("%s", (sql, expected) => {
    expect(detailOf(sql)).toMatchObject({ kind: "transaction", ...expected });
  });
});

describe("other statements of a session", () => {
  it.each([
    [
      "LOCK TABLES t READ LOCAL, s.u AS x WRITE",
      {
        kind: "lock-tables",
        tables: [
          { relation: { schema: null, name: "t" }, mode: "READ LOCAL" },
          { relation: { schema: "s", name: "u" }, mode: "WRITE" },
        ],
      },
    ],
    ["USE `a b`", { kind: "use", database: "a b" }],
    ["CALL s.p(1)", { kind: "opaque", how: "call", name: "s.p" }],
    ["EXECUTE s USING @a", { kind: "opaque", how: "prepared", name: "s" }],
    ["FLUSH TABLES WITH READ LOCK", { kind: "administration", action: "flush-tables-with-read-lock" }],
    ["INSTALL PLUGIN x SONAME 'y'", { kind: "administration", action: "install-plugin" }],
  ])("%s", (sql, expected) => {
    expect(detailOf(sql)).toMatchObject(expected);
  });

  // MariaDB 10.11 takes them all as names of variables, MySQL 9.7 only the last one.
  it.each(["global", "session", "local", "statement"])("a variable of MariaDB's may be called %s", (name) => {
    expect(settings(`SET ${name} = 1`, "mariadb")).toEqual([["session", name, "1"]]);
    expect(settings(`SET ${name} := 1, GLOBAL b = 2`, "mariadb")).toEqual([
      ["session", name, "1"],
      ["global", "b", "2"],
    ]);
  });
});
