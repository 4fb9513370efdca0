import { expect, test } from "vitest";
import type { Row } from "../../src/adopt/tool.js";
import { TOOLS, toolNamed } from "../../src/adopt/tools/index.js";

/** Rows as the tools themselves have written them on PostgreSQL, but for Flyway's and Prisma's; `tinyint` and texts as MySQL's driver gives them. */
interface Case {
  readonly tool: string;
  readonly files: readonly string[];
  readonly rows: readonly Row[];
  readonly run: readonly string[];
  readonly unfinished?: readonly string[];
  readonly unknown?: readonly string[];
}

const flywayRow = (rank: number, version: string | null, more: Row = {}): Row => ({
  ...{ installed_rank: rank, version, type: "SQL", script: `V${version}__x.sql`, success: true },
  ...more,
});

const CASES: Readonly<Record<string, Case>> = {
  "dbmate: one row a version": {
    tool: "dbmate",
    files: ["20240101000000_first.sql", "20240102000000_second.sql"],
    rows: [{ version: "20240101000000" }],
    run: ["20240101000000"],
  },
  "dbmate: a version without a file": {
    tool: "dbmate",
    files: ["20240101000000_first.sql"],
    rows: [{ version: "20240101000000" }, { version: "20230101000000" }],
    run: ["20240101000000", "20230101000000"],
    unknown: ["20230101000000"],
  },
  "golang-migrate: all up to the one row": {
    tool: "golang-migrate",
    files: ["000001_a.up.sql", "000002_b.up.sql", "000010_c.up.sql"],
    rows: [{ version: "2", dirty: false }],
    run: ["1", "2"],
  },
  "golang-migrate: failed": {
    tool: "golang-migrate",
    files: ["000001_a.up.sql", "000002_b.up.sql"],
    rows: [{ version: 2, dirty: 1 }],
    run: ["1", "2"],
    unfinished: ["2"],
  },
  "golang-migrate: none": { tool: "golang-migrate", files: ["1_a.up.sql"], rows: [], run: [] },
  "golang-migrate: taken back to before the first": {
    tool: "golang-migrate",
    files: ["1_a.up.sql"],
    rows: [{ version: "-1", dirty: false }],
    run: [],
  },
  "goose: the last row of a version counts": {
    tool: "goose",
    files: ["00001_a.sql", "00002_b.sql"],
    rows: [
      { id: 1, version_id: "0", is_applied: true },
      { id: 3, version_id: "2", is_applied: true },
      { id: 2, version_id: "1", is_applied: 1 },
      { id: 4, version_id: "2", is_applied: 0 },
    ],
    run: ["1"],
  },
  "prisma: finished, failed, and declared to be rolled back": {
    tool: "prisma",
    files: ["20240101000000_init/migration.sql", "20240102000000_b/migration.sql", "20240103000000_c/migration.sql"],
    rows: [
      { migration_name: "20240101000000_init", finished_at: new Date(0), rolled_back_at: null },
      { migration_name: "20240102000000_b", finished_at: null, rolled_back_at: new Date(0) },
      { migration_name: "20240102000000_b", finished_at: new Date(1), rolled_back_at: null },
      { migration_name: "20240103000000_c", finished_at: null, rolled_back_at: null },
    ],
    run: ["20240101000000_init", "20240102000000_b"],
    unfinished: ["20240103000000_c"],
  },
  "knex: compiled files have another end": {
    tool: "knex",
    files: ["20240101000000_m1.ts", "20240102000000_m2.ts"],
    rows: [{ id: 1, name: "20240101000000_m1.js", batch: 1 }],
    run: ["20240101000000_m1"],
  },
  "node-pg-migrate: names without their end": {
    tool: "node-pg-migrate",
    files: ["1704067200001_m1.sql", "1704067200002_m2.sql"],
    rows: [{ id: 1, name: "1704067200001_m1" }],
    run: ["1704067200001_m1"],
  },
  "drizzle: all up to the last moment": {
    tool: "drizzle",
    files: ["20240101000000_a/migration.sql", "20240102000000_b/migration.sql"],
    rows: [{ id: 1, hash: "x", created_at: "1704067200000" }],
    run: ["1704067200000"],
  },
  "flyway: versions as numbers, scripts that run again, what was taken back, and failures": {
    tool: "flyway",
    files: ["V1__a.sql", "V1_2__b.sql", "sub/V3.0__c.sql", "V4__d.sql", "R__views.sql"],
    rows: [
      flywayRow(0, null, { type: "SCHEMA", script: '"shop"' }),
      flywayRow(1, "1"),
      flywayRow(2, "1.2"),
      flywayRow(5, "3"),
      flywayRow(3, "3"),
      flywayRow(4, "3", { type: "UNDO_SQL" }),
      flywayRow(6, "4", { success: 0 }),
      flywayRow(7, null, { script: "R__views.sql" }),
    ],
    run: ["1", "1.2", "3", "R__views.sql"],
    unfinished: ["4"],
  },
  "flyway: a baseline stands for all before it": {
    tool: "flyway",
    files: ["V1__a.sql", "V1_2__b.sql", "V2__c.sql", "R__views.sql"],
    rows: [flywayRow(1, "1.2", { type: "BASELINE", script: "<< Flyway Baseline >>" })],
    run: ["1", "1.2"],
  },
  "flyway: a script of a baseline": {
    tool: "flyway",
    files: ["V1__a.sql", "V3__c.sql"],
    rows: [flywayRow(1, "2", { type: "SQL_BASELINE", script: "B2__base.sql" }), flywayRow(2, "3")],
    run: ["1", "3"],
  },
  "flyway: a migration in Java": {
    tool: "flyway",
    files: ["V1__a.sql"],
    rows: [flywayRow(1, "1"), flywayRow(2, "2", { type: "JDBC", script: "db.migration.V2__B" })],
    run: ["1", "2"],
    unknown: ["2"],
  },
};

test.each(Object.entries(CASES))("%s", (_, { tool, files, rows, run, unfinished = [], unknown = [] }) => {
  const known = toolNamed(tool);
  const versions = files.map((file) => known?.versionOf(file, "nowhere") ?? "none");
  const recorded = known?.recorded(rows, versions);
  expect([...(recorded?.run ?? [])].toSorted()).toEqual(run.toSorted());
  expect(recorded?.unfinished).toEqual(unfinished);
  expect(recorded?.unknown).toEqual(unknown);
});

test("each tool has cases, and a name and table of its kind", () => {
  for (const { name, table, label } of TOOLS) {
    expect(Object.values(CASES).some((c) => c.tool === name)).toBe(true);
    expect(table).toBe(table.toLowerCase());
    expect(label.toLowerCase()).toBe(name);
  }
});

test("a file of no tool has no version", () => {
  for (const name of ["dbmate", "golang-migrate", "goose", "prisma", "knex", "node-pg-migrate", "drizzle", "flyway"])
    expect(toolNamed(name)?.versionOf("notes.txt", "nowhere"), name).toBe(null);
});

test("rows of another tool's table are no rows of this one", () => {
  expect(() => toolNamed("dbmate")?.recorded([{ id: 1 }], [])).toThrow("it has no column version");
  expect(() => toolNamed("golang-migrate")?.recorded([{ version: "20240101abc", dirty: false }], ["1"])).toThrow(
    /BigInt/,
  );
});
