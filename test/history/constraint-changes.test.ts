import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../../src/engines/postgres/parse/index.js";
import { applied, column, names, replayed, table } from "./replayed.js";

beforeAll(loadParser);

const T = "CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT k CHECK (a > 0));";
const DROP = { kind: "drop-constraint", ifExists: false, cascade: false } as const;

describe("a constraint", () => {
  it("that is dropped by its kind is the primary key", () => {
    const catalog = applied(replayed(T), "t", { ...DROP, constraint: "primary-key", name: null });
    expect(table(catalog, "t").constraints.map((c) => c.name)).toEqual(["k"]);
    expect(table(catalog, "t").indexes).toEqual([]);
    expect(column(catalog, "t", "id").notNull).toBe(true);
  });

  it("that is not known by its name leaves the table uncertain", () => {
    expect(names(applied(replayed(T), "t", { ...DROP, constraint: null, name: "t_chk_1" }))).toEqual([]);
    expect(names(replayed(`${T} ALTER TABLE t DROP CONSTRAINT t_chk_1`))).toEqual([]);
    expect(names(replayed(`${T} ALTER TABLE t DROP CONSTRAINT IF EXISTS t_chk_1 CASCADE`))).toEqual(["t"]);
    expect(names(replayed(`${T} ALTER TABLE t RENAME CONSTRAINT x TO y`))).toEqual([]);
  });

  it("holds for certain when it is validated, and no more when it is not enforced", () => {
    const valid = (sql: string) => table(replayed(T + sql), "t").constraints.find((c) => c.name === "k")?.validated;
    expect(valid("")).toBe(true);
    expect(valid("ALTER TABLE t ALTER CONSTRAINT k NOT ENFORCED")).toBe(false);
    expect(valid("ALTER TABLE t ALTER CONSTRAINT k DEFERRABLE")).toBe(true);
    expect(valid("ALTER TABLE t ALTER CONSTRAINT k NOT ENFORCED; ALTER TABLE t VALIDATE CONSTRAINT k")).toBe(true);
  });

  it("that says NOT NULL makes its column so once it holds", () => {
    const sql = `${T} ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID;`;
    expect(column(replayed(sql), "t", "a").notNull).toBe(false);
    expect(column(replayed(`${sql} ALTER TABLE t VALIDATE CONSTRAINT nn`), "t", "a").notNull).toBe(true);
    expect(
      column(replayed(`${sql} ALTER TABLE t VALIDATE CONSTRAINT nn; ALTER TABLE t DROP CONSTRAINT nn`), "t", "a")
        .notNull,
    ).toBe(false);
  });

  it("may take over an index, and gives it its name", () => {
    const catalog = replayed(
      `${T} CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i`,
    );
    expect(table(catalog, "t").indexes.at(-1)).toMatchObject({ name: "u", constraint: "u", columns: ["a"] });
    expect(table(catalog, "t").constraints.at(-1)).toMatchObject({ name: "u", index: "u", columns: ["a"] });
  });

  it("that may be there already is not added again", () => {
    const catalog = replayed(T);
    const [k] = table(catalog, "t").constraints.filter((c) => c.name === "k");
    const constraint = {
      kind: "check",
      name: "k",
      columns: ["a"],
      references: null,
      text: k?.definition ?? "",
    } as const;
    const how = { expression: null, enforced: true, validated: true, usingIndex: null, ifNotExists: true };
    expect(applied(catalog, "t", { kind: "add-constraint", constraint, ...how })).toEqual(catalog);
  });
});
