import { beforeAll, describe, expect, it } from "vitest";
import { loadParser, parsePostgres } from "../../src/engines/postgres/parse/index.js";
import type { ColumnDefinition } from "../../src/model/operation.js";
import { applied, column, names, replayed, table } from "./replayed.js";

beforeAll(loadParser);

function definition(text: string): ColumnDefinition {
  const [operation] = parsePostgres(`ALTER TABLE t ADD ${text}`).statements.flatMap((s) => s.operations);
  if (operation?.kind !== "add-column") throw new Error("no column");
  return operation.column;
}

const T = "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 1, b text); CREATE INDEX i ON t (a);";

describe("a column that is defined anew", () => {
  const modify = (text: string, name: string, position: "first" | { after: string } | null = null) =>
    applied(replayed(T), "t", {
      kind: "modify-column",
      column: name,
      definition: definition(text),
      position,
      ifExists: false,
    });

  it("has what the definition says, and loses what it does not say", () => {
    expect(column(modify("a bigint", "a"), "t", "a")).toMatchObject({ type: "bigint", notNull: false, default: null });
  });

  it("stays in its key, which is not null", () => {
    expect(column(modify("id bigint", "id"), "t", "id")).toMatchObject({ type: "bigint", notNull: true });
  });

  it("may have another name, which what names it takes over", () => {
    const t = table(modify("z int", "a"), "t");
    expect(t.columns.map((c) => c.name)).toEqual(["id", "z", "b"]);
    expect(t.indexes.at(-1)).toMatchObject({ name: "i", columns: ["z"] });
  });

  it("may have another place, and constraints", () => {
    expect(table(modify("b int UNIQUE", "b", "first"), "t").columns.map((c) => c.name)).toEqual(["b", "id", "a"]);
    expect(table(modify("b int UNIQUE", "b", { after: "id" }), "t").columns.map((c) => c.name)).toEqual([
      "id",
      "b",
      "a",
    ]);
    expect(table(modify("b int UNIQUE", "b"), "t").constraints.map((c) => c.kind)).toEqual(["primary-key", "unique"]);
  });

  it("changes nothing where it is not", () => {
    const catalog = replayed(T);
    const detail = { kind: "modify-column", definition: definition("c int"), position: null, ifExists: true } as const;
    expect(applied(catalog, "t", { ...detail, column: "c" })).toBe(catalog);
  });
});

describe("a column of which one thing changes", () => {
  it("keeps the rest", () => {
    const catalog = replayed(`${T} ALTER TABLE t ALTER a TYPE numeric(4, 2) USING a::numeric`);
    expect(column(catalog, "t", "a")).toMatchObject({
      type: "numeric(4, 2)",
      notNull: true,
      default: "1",
      comparable: false,
    });
  });

  it("keeps its last setting of a kind, until it is reset", () => {
    const set = `${T} ALTER TABLE t ALTER b SET STATISTICS 5, ALTER b SET STATISTICS 7, ALTER b SET STORAGE plain`;
    expect(column(replayed(set), "t", "b").settings).toEqual(["SET STATISTICS 7", "SET STORAGE PLAIN"]);
    expect(column(replayed(`${set}, ALTER b SET STATISTICS DEFAULT`), "t", "b").settings).toEqual([
      "SET STORAGE PLAIN",
    ]);
  });

  it("that is not known changes nothing", () => {
    const catalog = replayed(T);
    expect(replayed("ALTER TABLE t ALTER z SET NOT NULL; ALTER TABLE u ALTER a DROP DEFAULT", catalog)).toEqual(
      catalog,
    );
  });

  it("is visible or not, which changes no shape", () => {
    const catalog = replayed(T);
    applied(catalog, "t", { kind: "set-column-visibility", column: "a", visible: false });
    expect(names(catalog)).toEqual(["t"]);
    const renamed = applied(catalog, "t", { kind: "rename-column-if-exists", from: "a", to: "z" });
    expect(table(renamed, "t").columns.map((c) => c.name)).toEqual(["id", "z", "b"]);
  });
});
