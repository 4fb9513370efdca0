import { expect, it } from "vitest";
import type { Catalog, StoredObject } from "../../src/model/catalog.js";
import { isNewDatabase } from "../../src/plan/new-tables.js";

const object = (of: StoredObject["object"], name: string): StoredObject => ({
  ...{ object: of, name: { schema: null, name } },
  ...{ on: null, parameters: null, restore: null, comment: null, columns: [] },
});

const catalog = (...objects: StoredObject[]): Catalog => ({
  ...{ source: "database", complete: true, defaultSchema: "public", tables: [], objects },
});

it("takes a database for new that holds nothing but empty schemas and extensions that stay within it", () => {
  expect(isNewDatabase(catalog())).toBe(true);
  expect(isNewDatabase(catalog(object("schema", "app"), object("extension", "pg_trgm")))).toBe(true);
});

it.each(["view", "materialized-view", "function", "procedure", "sequence", "event"] as const)(
  "takes none for new that holds a %s",
  (of) => {
    expect(isNewDatabase(catalog(object(of, "x")))).toBe(false);
  },
);

it("takes none for new that reaches rows elsewhere, or of which that is not known", () => {
  expect(isNewDatabase(catalog(object("extension", "postgres_fdw")))).toBe(false);
  expect(isNewDatabase(catalog(object("extension", "dblink")))).toBe(false);
  const { objects: _, ...rest } = catalog();
  expect(isNewDatabase(rest)).toBe(false);
  expect(isNewDatabase({ ...catalog(), complete: false })).toBe(false);
  expect(isNewDatabase({ ...catalog(), source: "files" })).toBe(false);
});
