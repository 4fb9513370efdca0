import { beforeAll, describe, expect, it } from "vitest";
import { loadParser, parsePostgres } from "../../src/engines/postgres/parse/index.js";
import { applied, names, replayed, table } from "./replayed.js";

beforeAll(loadParser);

const T = "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t (a)); CREATE INDEX i ON u (b);";

describe("a table", () => {
  it("that is renamed is named so by what points at it and by its own indexes", () => {
    const catalog = replayed(`${T} ALTER TABLE t RENAME TO "T 2"; ALTER TABLE u RENAME TO v`);
    expect(table(catalog, "v").constraints[0]?.definition).toBe(`FOREIGN KEY (b) REFERENCES "T 2"(a)`);
    expect(table(catalog, "T 2").referencedBy).toEqual([
      { relation: { schema: null, name: "v" }, constraint: "u_b_fkey", columns: ["a"] },
    ]);
    expect(table(catalog, "v").indexes[0]?.definition).toBe("CREATE INDEX i ON v (b)");
  });

  it("whose new name is taken is not certain any more, nor is the other", () => {
    expect(names(replayed(`${T} ALTER TABLE u RENAME TO t`))).toEqual([]);
  });

  it("that nobody knew, under the name of one that was known, is unknown", () => {
    expect(names(replayed(`${T} DROP TABLE u; ALTER TABLE x RENAME TO u`))).toEqual(["t"]);
    expect(names(replayed(`${T} ALTER TABLE x RENAME TO u`))).toEqual(["t"]);
  });

  it("that is replaced has its new shape", () => {
    const [operation] = parsePostgres("CREATE TABLE t (z int)").statements.flatMap((s) => s.operations);
    if (operation?.kind !== "create-table") throw new Error("no table");
    const catalog = applied(replayed(T), "t", { kind: "replace-table", table: operation });
    expect(table(catalog, "t").columns.map((c) => c.name)).toEqual(["z"]);
  });

  it.each([
    { kind: "convert-charset", characterSet: "utf8mb4", collation: null },
    { kind: "add-period", name: "p", columns: ["a", "b"], conditional: false },
  ] as const)("is uncertain after $kind", (detail) => {
    expect(names(applied(replayed(T), "t", detail))).toEqual(["u"]);
  });

  it.each([
    { kind: "rebuild-table" },
    { kind: "set-table-option", option: "ENGINE", value: "InnoDB" },
    { kind: "truncate", cascade: false, restartIdentity: false },
    { kind: "maintain-table", verb: "optimize", options: [] },
    { kind: "no-change" },
  ] as const)("keeps its shape after $kind", (detail) => {
    const catalog = replayed(T);
    expect(applied(catalog, "t", detail)).toBe(catalog);
  });
});
