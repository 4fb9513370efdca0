import { beforeAll, describe, expect, it } from "vitest";
import { truthOf } from "../../../bench/verdicts/case.js";
import { MARIADB_CASES, MYSQL_CASES, SCHEMA } from "../../../bench/verdicts/cases/mysql/index.js";
import { engineFor } from "../../../src/config/engine.js";
import type { Engine } from "../../../src/engines/engine.js";
import { lintMigrations } from "../../../src/lint/index.js";
import { describeServers } from "../../servers/index.js";
import { measureMysql, prepareMysql } from "./measure-mysql.js";

const ENGINES = {
  mysql: { cases: MYSQL_CASES, version: { text: "9.7", parts: [9, 7] } },
  mariadb: { cases: MARIADB_CASES, version: { text: "10.11", parts: [10, 11] } },
} as const;

/** Where lint is wrong, and known to be: one that is right again must go from here. */
const KNOWN: ReadonlySet<string> = new Set([]);

describe.each(["mysql", "mariadb"] as const)("the cases of %s", (name) => {
  const { cases, version } = ENGINES[name];
  let engine: Engine;
  beforeAll(async () => {
    engine = await engineFor(name);
    await engine.load();
  });

  it("are as many as they are to be, each with its own name", () => {
    expect(cases.filter((c) => truthOf(c) === "safe").length).toBeGreaterThanOrEqual(25);
    expect(cases.filter((c) => truthOf(c) === "dangerous").length).toBeGreaterThanOrEqual(25);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  it.each(cases)("$id: lint agrees with the server", (given) => {
    const inputs = [
      { file: "20260101000000_schema.sql", text: `${SCHEMA.join(";\n")};\n`, report: false },
      { file: "20260102000000_case.sql", text: given.sql, report: true },
    ];
    const { findings } = lintMigrations(inputs, { engine, version, severities: {} });
    const found = findings.filter(({ severity }) => severity !== "info").map(({ rule }) => rule);
    const verdict = found.length === 0 ? "safe" : "dangerous";
    const wrong = truthOf(given) === "safe" ? "dangerous" : "safe";
    expect(verdict, found.join()).toBe(KNOWN.has(`${name}: ${given.id}`) ? wrong : truthOf(given));
  });
});

describeServers(["mysql", "mariadb"], (server) => {
  const name = server.name === "mariadb" ? "mariadb" : "mysql";

  it.each(ENGINES[name].cases)("$id", async (given) => {
    const db = await server.createDatabase("verdicts");
    try {
      await prepareMysql(db.url);
      expect([...(await measureMysql(given, db.url, name))].toSorted()).toEqual([...given.dangers].toSorted());
    } finally {
      await db.drop();
    }
  });
});
