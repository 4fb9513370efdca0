import { describe, expect, it } from "vitest";
import { detailOf, only, problemOf } from "../one.js";

const named = (name: string, schema: string | null = null) => ({ schema, name });

describe("objects that are no tables", () => {
  it.each([
    [
      "CREATE DEFINER = 'a'@'%' VIEW s.v (x) AS SELECT a FROM t WITH CHECK OPTION",
      { kind: "create-object", object: "view", name: named("v", "s"), definer: "'a'@'%'", reads: [named("t")] },
    ],
    ["ALTER VIEW v AS SELECT 1", { kind: "alter-object", object: "view", changes: ["AS"] }],
    [
      "CREATE TRIGGER g AFTER DELETE ON t FOR EACH ROW FOLLOWS h DELETE FROM u",
      { object: "trigger", trigger: { timing: "after", events: ["delete"], columns: [] } },
    ],
    ["CREATE PROCEDURE IF NOT EXISTS p() SELECT 1", { object: "procedure", ifNotExists: true, name: named("p") }],
    ["ALTER EVENT e DISABLE COMMENT 'x'", { object: "event", changes: ["DISABLE", "COMMENT"], body: null }],
    ["DROP FUNCTION IF EXISTS s.f", { kind: "drop-object", object: "function", ifExists: true, name: named("f", "s") }],
    ["CREATE DATABASE IF NOT EXISTS d", { object: "database", ifNotExists: true, name: named("d") }],
    ["DROP SCHEMA d", { kind: "drop-object", object: "database", name: named("d") }],
    ["CREATE USER u IDENTIFIED BY 'secret'", { kind: "create-object", object: "user", name: null }],
    ["DROP ROLE a, b", { kind: "drop-object", object: "role" }],
    [
      "GRANT SELECT (a), INSERT ON s.t TO u WITH GRANT OPTION",
      { kind: "privileges", action: "grant", privileges: ["SELECT", "INSERT"], on: "s.t" },
    ],
    ["REVOKE r FROM u", { kind: "privileges", action: "revoke", privileges: ["r"], on: null }],
  ])("%s", (sql, expected) => {
    expect(detailOf(sql)).toMatchObject(expected);
  });

  it.each([
    ["CREATE OR REPLACE SEQUENCE s START WITH 5", { object: "sequence", orReplace: true, name: named("s") }],
    ["ALTER SEQUENCE IF EXISTS s RESTART 5 NOCACHE", { ifExists: true, changes: ["RESTART", "NOCACHE"] }],
    ["DROP SEQUENCE s", { kind: "drop-object", object: "sequence", name: named("s") }],
    ["CREATE OR REPLACE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1", { orReplace: true }],
  ])("%s on MariaDB", (sql, expected) => {
    expect(detailOf(sql, "mariadb")).toMatchObject(expected);
  });

  it("keep no password", () => {
    for (const sql of ["CREATE USER u IDENTIFIED BY 'secret'", "ALTER USER u IDENTIFIED BY 'secret'"]) {
      expect(JSON.stringify(detailOf(sql))).not.toContain("secret");
    }
  });

  it("refuse packages, whose bodies are not read", () => {
    expect(problemOf("CREATE PACKAGE p AS PROCEDURE q(); END", "mariadb").message).toContain("no PACKAGE");
  });

  it("are named and no more when they are not understood", () => {
    for (const sql of ["CREATE USER u FOO BAR", "GRANT FLY ON TO u", "ALTER INSTANCE SOMEHOW"]) {
      expect(only("other", sql).detail).toBeUndefined();
    }
  });
});
