import { beforeAll, describe, expect, it } from "vitest";
import { findTable } from "../../src/engines/engine.js";
import { loadParser, parsePostgres } from "../../src/engines/postgres/parse/index.js";
import { applyOperation, emptyCatalog } from "../../src/history/replay.js";
import type { Catalog } from "../../src/model/catalog.js";
import type { Operation } from "../../src/model/operation.js";
import { names, replayed, table } from "./replayed.js";

beforeAll(loadParser);

describe("a replayed catalog", () => {
  it("finds what it lists, and lists what it finds, in the order in which it was made", () => {
    const catalog = replayed("CREATE TABLE b (x int); CREATE TABLE s.a (x int); ALTER TABLE b ADD y int");
    expect(names(catalog)).toEqual(["b", "s.a"]);
    expect(findTable(catalog, { schema: "public", name: "b" })).toBe(catalog.tables[0]);
    expect(findTable(catalog, { schema: null, name: "a" })).toBeNull();
    expect(Object.isFrozen(catalog.tables) && Object.isFrozen(catalog.tables[0])).toBe(true);
  });

  it("goes on from a catalog that came from elsewhere, or was copied", () => {
    const made = replayed(
      "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (b int REFERENCES p); CREATE TYPE e AS ENUM ()",
    );
    const copy: Catalog = { ...made };
    const catalog = replayed("DROP TABLE c; ALTER TABLE p ADD z e", copy);
    expect(table(catalog, "p").referencedBy).toEqual([]);
    expect(catalog.types).toHaveLength(1);
  });
});

it("keeps what a database has said and no statement changes", () => {
  const said = { sqlModes: ["PIPES_AS_CONCAT"], objects: [], owned: [], columnGrantsHidden: true } as const;
  const catalog = replayed("CREATE TABLE t (a int); ALTER TABLE t ADD b int", {
    ...emptyCatalog("database", "public"),
    ...said,
  });
  expect(catalog).toMatchObject(said);
});

/** A history of as many tables, each of which gets an index. */
function history(count: number): readonly Operation[] {
  const templates = parsePostgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a)").statements;
  const [table, index] = templates.flatMap((s) => s.operations);
  if (table?.kind !== "create-table" || index?.kind !== "create-index") throw new Error("no table");
  return Array.from({ length: count }, (_, i) => {
    const relation = { schema: null, name: `t${i}` };
    return [
      { ...table, relation },
      { ...index, relation, name: `i${i}` },
    ];
  }).flat();
}

/** Of this process's own work: a machine that is busy with other things does not count. */
function microseconds(operations: readonly Operation[]): number {
  const start = process.cpuUsage();
  let catalog = emptyCatalog("files", "public");
  for (const operation of operations) {
    if (operation.relation !== null) findTable(catalog, operation.relation);
    catalog = applyOperation(catalog, operation);
  }
  return process.cpuUsage(start).user;
}

it("takes a time that is linear in the history", { timeout: 120_000 }, () => {
  const [small, large] = [history(2000), history(16_000)];
  const best = (operations: readonly Operation[]) => Math.min(...[1, 2].map(() => microseconds(operations)));
  best(small);
  // Eight times the tables: linear is 8, going through all of them each time is 64.
  expect(best(large) / best(small)).toBeLessThan(32);
});

it("takes little time for each of thousands of indexes of one table", { timeout: 120_000 }, () => {
  const [table, index] = history(1);
  if (table === undefined || index?.kind !== "create-index") throw new Error("no index");
  const made = [table, ...Array.from({ length: 4000 }, (_, i) => ({ ...index, name: `i${i}` }))];
  // Noting all of them anew each time took 10 seconds.
  expect(microseconds(made)).toBeLessThan(3_000_000);
});

it("knows the table of each index after others come and go", () => {
  const catalog = replayed("CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (a); DROP INDEX i");
  const without = replayed("DROP INDEX j; CREATE INDEX k ON t (a); DROP INDEX i", catalog);
  expect(table(without, "t").indexes.map((i) => i.name)).toEqual(["k"]);
});
