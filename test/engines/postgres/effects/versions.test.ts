import { beforeAll, describe, expect, it } from "vitest";
import { postgresEffects } from "../../../../src/engines/postgres/effects/index.js";
import { loadParser, parsePostgres } from "../../../../src/engines/postgres/parse/index.js";
import { applyOperation, emptyCatalog } from "../../../../src/history/replay.js";

beforeAll(loadParser);

const SETUP = `
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a + 1) STORED, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id));
CREATE TABLE part (k int, v int REFERENCES p (id)) PARTITION BY RANGE (k);
CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (10);
`;

const operationsOf = (sql: string) => parsePostgres(sql).statements.flatMap((s) => s.operations);

/** The effect of one operation on servers from this version on. */
function effectOn(major: number, sql: string) {
  const catalog = operationsOf(SETUP).reduce(applyOperation, emptyCatalog("files", "public"));
  const [operation] = operationsOf(sql);
  if (operation === undefined) throw new Error(`no operation in ${sql}`);
  return postgresEffects(operation, { catalog, version: { text: String(major), parts: [major] } });
}

describe("what only newer servers know is said to fail where older ones may run", () => {
  it.each([
    [18, "ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID", "42601"],
    [18, "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED", "42601"],
    [18, "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) NOT ENFORCED", "42601"],
    [18, "ALTER TABLE t ALTER CONSTRAINT fk NOT ENFORCED", "42601"],
    [18, "ALTER TABLE t ADD v int GENERATED ALWAYS AS (a + 1) VIRTUAL", "42601"],
    [18, "ALTER TABLE part ADD CONSTRAINT f FOREIGN KEY (v) REFERENCES p (id) NOT VALID", "0A000"],
    [17, "ALTER TABLE t ALTER g SET EXPRESSION AS (a + 2)", "42601"],
    [15, "ALTER TABLE t SET ACCESS METHOD heap", "42601"],
    [15, "MERGE INTO t USING p ON p.id = t.a WHEN MATCHED THEN DELETE", "42601"],
  ])("%i: %s", (since, sql, code) => {
    expect(effectOn(since - 1, sql).fails).toContain(code);
    expect(effectOn(since, sql).fails ?? "").not.toContain(code);
  });
});

it("a partition's foreign key is taken to lock the other table where an older server may", () => {
  const known = operationsOf(SETUP).reduce(applyOperation, emptyCatalog("files", "public"));
  const partitionOf = { schema: "public", name: "part" };
  const tables = known.tables.map((t) => (t.relation.name === "t" ? { ...t, partitionOf } : t));
  const [operation] = operationsOf("DROP TABLE t");
  const locked = (major: number) => {
    if (operation === undefined) throw new Error("no operation");
    const context = { catalog: { ...known, tables }, version: { text: String(major), parts: [major] } };
    return postgresEffects(operation, context).locks.map((l) => l.relation.name);
  };
  expect(locked(17)).toEqual(["t", "p", "part", "part1"]);
  expect(locked(18)).toEqual(["t", "part", "part1"]);
});

describe("a NOT NULL that a check proves is no scan on any supported server", () => {
  it.each([14, 15, 16, 17, 18])("%i", (major) => {
    const before = "CREATE TABLE n (a int, CONSTRAINT c CHECK (a IS NOT NULL))";
    const catalog = operationsOf(before).reduce(applyOperation, emptyCatalog("files", "public"));
    const [operation] = operationsOf("ALTER TABLE n ALTER a SET NOT NULL");
    if (operation === undefined) throw new Error("no operation");
    const version = { text: String(major), parts: [major] };
    expect(postgresEffects(operation, { catalog, version })).toMatchObject({ scan: false, fails: null });
  });
});
