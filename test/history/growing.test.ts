import { beforeAll, describe, expect, it } from "vitest";
import { type Engine, findTable } from "../../src/engines/engine.js";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { loadParser, parsePostgres } from "../../src/engines/postgres/parse/index.js";
import { afterSession, applyOperation, emptyCatalog, forward } from "../../src/history/replay.js";
import { initialCatalog, lintFile } from "../../src/lint/file.js";
import type { Catalog, Table } from "../../src/model/catalog.js";

beforeAll(loadParser);

const behind = (sql: string, catalog: Catalog): Catalog =>
  parsePostgres(sql)
    .statements.flatMap((s) => s.operations)
    .reduce(applyOperation, catalog);

const START = "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);";
const start = () => behind(START, emptyCatalog("files", "public"));
const p = (catalog: Catalog): Table => findTable(catalog, { schema: null, name: "p" }) as Table;

type Grows = "columns" | "constraints" | "dependents" | "partitions" | "referencedBy";
const GROWS: readonly (readonly [Grows, (n: number) => string])[] = [
  ["columns", (n) => `ALTER TABLE p ADD COLUMN c${n} int;`],
  ["constraints", (n) => `ALTER TABLE p ADD CONSTRAINT k${n} CHECK (id > ${n}) NOT VALID;`],
  ["dependents", (n) => `CREATE VIEW v${n} AS SELECT id FROM p;`],
  ["partitions", (n) => `CREATE TABLE p${n} PARTITION OF p FOR VALUES FROM (${n}) TO (${n + 1});`],
  ["referencedBy", (n) => `CREATE TABLE f${n} (p_id int REFERENCES p (id));`],
  [
    "referencedBy",
    (n) =>
      `CREATE TABLE f${n} (p_id int); DO $$ BEGIN ALTER TABLE f${n} ADD CONSTRAINT k FOREIGN KEY (p_id) REFERENCES p (id); EXCEPTION WHEN duplicate_object THEN null; END $$;`,
  ],
];

const many = (make: (n: number) => string, from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => make(from + at)).join("\n");

describe.each(GROWS)("a table's %s", (list, make) => {
  it("are copied once for all statements of a file, however many add to them", () => {
    const seen = new Set<unknown>();
    const engine: Engine = {
      ...postgresEngine,
      effects: (operation, context) => {
        const table = findTable(context.catalog, { schema: null, name: "p" });
        if (table !== null) seen.add(table[list]);
        return postgresEngine.effects(operation, context);
      },
    };
    const options = { engine, version: engine.oldestVersion, severities: {} };
    const { catalog } = lintFile({ file: "t.sql", text: START + many(make, 0, 50) }, initialCatalog(engine), options);
    expect(seen.size).toBeLessThanOrEqual(2);
    expect(p(catalog)[list]).toHaveLength(p(start())[list]?.length === 1 ? 51 : 50);
  });

  it("stay as they are in every catalog that may be looked at again", () => {
    const before = start();
    const [one, other] = [behind(make(0), before), behind(make(1), before)];
    const length = p(before)[list]?.length ?? 0;
    expect([one, other].map((c) => p(c)[list]?.length)).toEqual([length + 1, length + 1]);
    const ended = afterSession(behind(many(make, 0, 3), forward(before)));
    behind(many(make, 3, 6), forward(ended));
    behind(make(3), ended);
    expect(p(ended)[list]).toHaveLength(length + 3);
    expect(p(before)[list]).toHaveLength(length);
  });

  it("are what they were once a transaction, or a part of it, is undone", () => {
    const length = p(start())[list]?.length ?? 0;
    const left = (sql: string) => p(behind(sql, forward(start())))[list]?.length;
    expect(left(`${make(0)} BEGIN; ${many(make, 1, 4)} ROLLBACK;`)).toBe(length + 1);
    const parts = `BEGIN; ${make(0)} SAVEPOINT s; ${many(make, 1, 3)} ROLLBACK TO s; ${many(make, 3, 5)} ROLLBACK TO s;`;
    expect(left(`${parts} ${make(5)} COMMIT;`)).toBe(length + 2);
  });
});

it("a copy of a table does not grow with it", () => {
  const both = behind(
    "ALTER TABLE p ADD COLUMN a int; CREATE TABLE q (LIKE p INCLUDING ALL); ALTER TABLE p ADD COLUMN b int;",
    forward(start()),
  );
  expect(findTable(both, { schema: null, name: "q" })?.columns.map((c) => c.name) ?? ["id", "a"]).toEqual(["id", "a"]);
});

it("no server takes more than 1,600 columns, and more are not remembered than any takes", () => {
  const options = { engine: postgresEngine, version: postgresEngine.oldestVersion, severities: {} };
  const add = (n: number) => `ALTER TABLE w ADD COLUMN c${n} int;\n`;
  const text = `CREATE TABLE w (c0 int);\n${many(add, 1, 1600)}`;
  const file = { file: "a.sql", text };
  const { catalog, findings } = lintFile(file, initialCatalog(postgresEngine), options);
  expect(findings).toEqual([]);
  const next = lintFile({ file: "b.sql", text: add(1600) }, catalog, options);
  expect(next.findings.map(({ rule, message }) => `${rule} ${message.includes("54011")}`)).toEqual([
    "failing-statement true",
  ]);
  const huge = lintFile({ file: "c.sql", text: many(add, 1600, 4200) }, catalog, options);
  expect(findTable(huge.catalog, { schema: null, name: "w" })?.columns).toHaveLength(4096);
});

it("what may have been added to a list proves nothing, though the list grows where it stands", () => {
  const sql = `ALTER TABLE p ADD CONSTRAINT a CHECK (id > 0), ADD CONSTRAINT b CHECK (id > 1);
    DO $$ BEGIN IF x THEN ALTER TABLE p ADD CONSTRAINT c CHECK (id > 2); END IF; END $$;`;
  const { constraints } = p(behind(sql, forward(start())));
  expect(constraints.filter(({ kind }) => kind === "check").map(({ name, validated }) => [name, validated])).toEqual([
    ["a", true],
    ["b", true],
    ["c", false],
  ]);
});
