import { beforeAll, describe, expect, it } from "vitest";
import { loadParser, parsePostgres } from "../../src/engines/postgres/parse/index.js";
import type { Catalog } from "../../src/model/catalog.js";
import { applied, names, replayed, table } from "./replayed.js";

beforeAll(loadParser);

const T = "CREATE TABLE t (a int CONSTRAINT u UNIQUE); CREATE INDEX i ON t (a); CREATE TABLE o (a int);";
const DROP = { kind: "drop-index", ifExists: false, concurrently: false, cascade: false } as const;

describe("an index that is named with its table", () => {
  it("is dropped, with the constraint that it is", () => {
    const catalog = replayed(T);
    expect(table(applied(catalog, "t", { ...DROP, index: { schema: null, name: "i" } }), "t").indexes).toHaveLength(1);
    const without = table(applied(catalog, "t", { ...DROP, index: { schema: null, name: "u" } }), "t");
    expect([without.indexes.map((i) => i.name), without.constraints]).toEqual([["i"], []]);
  });

  it("is renamed", () => {
    const catalog = applied(replayed(T), "t", { kind: "rename-index", from: "i", to: "j", ifExists: false });
    expect(table(catalog, "t").indexes.map((i) => i.name)).toEqual(["u", "j"]);
  });

  it("leaves the table uncertain when it is not known", () => {
    expect(names(applied(replayed(T), "t", { ...DROP, index: { schema: null, name: "x" } }))).toEqual(["o"]);
    expect(names(applied(replayed(T), "t", { kind: "rename-index", from: "x", to: "y", ifExists: false }))).toEqual([
      "o",
    ]);
  });

  it("is built again under its name", () => {
    const [index] = parsePostgres("CREATE UNIQUE INDEX i ON t (a)").statements.flatMap((s) => s.operations);
    if (index?.kind !== "create-index") throw new Error("no index");
    const catalog = applied(replayed(T), "t", { kind: "replace-index", index });
    expect(table(catalog, "t").indexes.map((i) => [i.name, i.unique])).toEqual([
      ["u", true],
      ["i", true],
    ]);
  });
});

describe("an index of MySQL", () => {
  const given = (dialect: "mysql" | "mariadb") =>
    Object.freeze({ ...replayed("CREATE TABLE t (a int); CREATE INDEX i ON t (a)"), dialect });
  const indexes = (catalog: Catalog) => table(catalog, "t").indexes;
  const show = (visible: boolean) => ({ kind: "set-index-visibility", index: "I", visible, ifExists: false }) as const;

  it("is found whatever the case of its letters", () => {
    const renamed = applied(given("mysql"), "t", { kind: "rename-index", from: "I", to: "J", ifExists: false });
    expect(indexes(renamed).map((i) => i.name)).toEqual(["J"]);
    expect(indexes(applied(renamed, "t", { ...DROP, index: { schema: null, name: "j" } }))).toEqual([]);
  });

  it("is hidden and shown", () => {
    const hidden = applied(given("mysql"), "t", show(false));
    expect(indexes(hidden)[0]?.definition).toMatch(/\) INVISIBLE$/);
    expect(indexes(applied(hidden, "t", show(true)))[0]?.definition).toMatch(/\) VISIBLE$/);
    const ignored = applied(given("mariadb"), "t", show(false));
    expect(indexes(ignored)[0]?.definition).toMatch(/\) IGNORED$/);
    expect(indexes(applied(ignored, "t", show(true)))[0]?.definition).toMatch(/\) NOT IGNORED$/);
  });

  it("goes with no foreign key of its name", () => {
    const own = Object.freeze({
      ...replayed("CREATE TABLE o (a int UNIQUE); CREATE TABLE t (a int REFERENCES o (a), b int CONSTRAINT u UNIQUE)"),
      dialect: "mysql" as const,
    });
    const [unique, key] = [...table(own, "t").constraints].sort((a, b) => (a.kind < b.kind ? 1 : -1));
    if (unique === undefined || key === undefined) throw new Error("no constraints");
    const same = Object.freeze({
      ...own,
      tables: own.tables.map((t) =>
        t.relation.name === "t" ? Object.freeze({ ...t, constraints: [unique, { ...key, name: "u" }] }) : t,
      ),
    });
    const dropped = {
      kind: "drop-constraint",
      constraint: "foreign-key",
      name: "u",
      ifExists: false,
      cascade: false,
    } as const;
    expect(table(applied(same, "t", dropped), "t").constraints.map((c) => c.kind)).toEqual(["unique"]);
  });

  it("that is not there leaves a schema that is known as it is, where it need not be", () => {
    const known = Object.freeze({ ...given("mariadb"), complete: true });
    expect(applied(known, "t", { ...DROP, ifExists: true, index: { schema: null, name: "x" } })).toEqual(known);
  });
});

describe("an index that is named alone", () => {
  it("is found in its schema", () => {
    const catalog = replayed(`${T} CREATE TABLE s.t (a int); CREATE INDEX i ON s.t (a); DROP INDEX s.i`);
    expect(table(catalog, "t", "s").indexes).toEqual([]);
    expect(table(catalog, "t").indexes).toHaveLength(2);
  });

  it("that is not known changes nothing that is", () => {
    const catalog = replayed(T);
    expect(replayed("DROP INDEX x; ALTER INDEX x RENAME TO y; ALTER INDEX i SET (fillfactor = 7)", catalog)).toEqual(
      catalog,
    );
  });
});
