import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mysqlEffects } from "../../../../src/engines/mysql/effects/index.js";
import { type MysqlDialect, parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import { versionOf } from "../../../../src/engines/mysql/version.js";
import { applyOperation, emptyCatalog } from "../../../../src/history/replay.js";
import type { Catalog } from "../../../../src/model/catalog.js";
import type { Effect } from "../../../../src/model/effect.js";
import type { Operation } from "../../../../src/model/operation.js";
import { describeServers, query, type TestDatabase } from "../../../servers/index.js";
import { accepted, prepare } from "./accepted.js";
import { readCatalog } from "./catalog.js";
import { BASE, CASES, type Case } from "./matrix/cases.js";
import { ROWS } from "./matrix/rows.js";
import { seen, stated } from "./matrix/way.js";
import { waitsForReader } from "./waits.js";

const tablesOf = (given: Case) => [...BASE, ...(given.setup ?? [])];
const settingsOf = (given: Case) =>
  Object.entries(given.settings ?? {}).map(
    ([name, value]) => `SET SESSION ${name} = ${/^\d+$/.test(value) ? value : `'${value}'`}`,
  );
const title = (given: Case) =>
  [given.row, given.sql, ...(given.setup ?? []).slice(0, 1), ...settingsOf(given)].join(" | ");

function operationsOf(sql: string, dialect: MysqlDialect): readonly Operation[] {
  const { statements, problems } = parseMysql(sql, dialect);
  if (problems.length > 0) throw new Error(`${sql}: ${problems.map((p) => p.message).join(" ")}`);
  return statements.flatMap((s) => s.operations);
}

function effectsOf(given: Case, catalog: Catalog, version: string, dialect: MysqlDialect): readonly Effect[] {
  const siblings = operationsOf(given.sql, dialect);
  const context = { catalog, version: versionOf(version), siblings, settings: given.settings ?? {} };
  return siblings.map((operation) => mysqlEffects(operation, context, dialect));
}

function firstOf(effects: readonly Effect[]): Effect {
  const [first] = effects;
  if (first === undefined) throw new Error("no operation");
  return first;
}

it("has a case for each operation, and no case of another", () => {
  expect([...new Set(CASES.map((c) => c.row))].sort()).toEqual(ROWS.map((r) => r.operation).sort());
  expect(ROWS).toHaveLength(83);
});

// Of DEFAULT CHARACTER SET by its source (`innobase_need_rebuild`): the manuals speak of a rebuild, which no version does.
describe("MySQL before the servers that can be started, by its manuals", () => {
  const fromFiles = (given: Case) =>
    tablesOf(given)
      .filter((sql) => !/^(INSERT|DROP TABLE)/.test(sql))
      .flatMap((sql) => operationsOf(sql, "mysql"))
      .reduce(applyOperation, emptyCatalog("files", null));

  const said = ROWS.flatMap(({ operation, said: by }) =>
    Object.entries(by)
      .filter(([, way]) => way.includes("/"))
      .flatMap(([version, way]) =>
        CASES.filter(
          (c) => c.row === operation && c.only !== "mariadb" && !c.unversioned && !c.setup?.[0]?.startsWith("DROP"),
        ).map((given) => ({ given, version, way })),
      ),
  );

  it.each(said.map((s) => [`${title(s.given)} on ${s.version}`, s] as const))("%s", (_, { given, version, way }) => {
    expect(stated(firstOf(effectsOf(given, fromFiles(given), version, "mysql")))).toBe(way);
  });
});

/** Where the server does better than the model, which says what it assumed. */
const ASSUMED: Readonly<Record<string, RegExp>> = {};

describeServers(["mysql", "mariadb"], (server) => {
  const dialect: MysqlDialect = server.name === "mariadb" ? "mariadb" : "mysql";
  let db: TestDatabase;
  let version = "0";

  beforeAll(async () => {
    db = await server.createDatabase("matrix");
    const [row] = await query(db.url, "SELECT VERSION() AS version");
    version = String(row?.version);
  });
  afterAll(() => db?.drop());

  const own = CASES.filter((c) => c.only === undefined || c.only === dialect);
  const tried = own.filter((c) => !c.waits && !(c.partitions && dialect === "mariadb"));
  it.each(tried.map((c) => [title(c), c] as const))("%s is done as the model says", async (_, given) => {
    await prepare(db.url, tablesOf(given));
    const effects = effectsOf(given, await readCatalog(db.url, dialect), version, dialect);
    const found = await accepted(db.url, null, given.sql, settingsOf(given));
    const assumption = ASSUMED[`${dialect}: ${given.sql}`];
    for (const effect of effects) {
      if (assumption !== undefined) expect(effect.assumes.join()).toMatch(assumption);
      else if (found.error !== null) expect(effects.map((e) => e.fails).join()).toContain(String(found.error));
      else if (given.partitions) expect(stated(effect).replace("R", "P")).toBe(seen(found).replace("R", "P"));
      else expect(stated(effect)).toBe(seen(found));
    }
  });

  const waiting = own.filter((c) => c.waits || (c.partitions && dialect === "mariadb"));
  it.each(waiting.map((c) => [title(c), c] as const))("%s waits for readers as the model says", async (_, given) => {
    await prepare(db.url, tablesOf(given));
    const effects = effectsOf(given, await readCatalog(db.url, dialect), version, dialect);
    const alone = effects.some((e) => e.locks.some((l) => l.blocks === "reads" && l.relation.name === "t"));
    expect(await waitsForReader(db.url, given.sql, settingsOf(given))).toBe(alone);
  });
});
