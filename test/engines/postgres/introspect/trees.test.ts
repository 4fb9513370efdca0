import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { engineFor } from "../../../../src/config/engine.js";
import type { Catalog } from "../../../../src/model/catalog.js";
import { describeServer, type TestDatabase } from "../../../servers/index.js";

const SETUP = `
CREATE SCHEMA app;
CREATE TYPE en AS ENUM ('a');
CREATE TYPE co AS (x int);
CREATE DOMAIN plain AS varchar(5);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN over_positive AS positive;
CREATE DOMAIN app.filled AS text NOT NULL;
CREATE TABLE alone (a int, row co);
CREATE TABLE part (k int, "L m" int) PARTITION BY RANGE (k, "L m");
CREATE TABLE app.part1 PARTITION OF part FOR VALUES FROM (0, 0) TO (10, 10) PARTITION BY LIST (("L m" + 1));
CREATE TABLE partd PARTITION OF part DEFAULT;
CREATE TABLE app.part1a PARTITION OF app.part1 DEFAULT;
CREATE TABLE kid () INHERITS (alone);
INSERT INTO part VALUES (1, 1), (99, 99);
INSERT INTO kid VALUES (1);
`;

describeServer("postgres", (postgres) => {
  let db: TestDatabase;
  let catalog: Catalog;

  beforeAll(async () => {
    db = await postgres.createDatabase("trees");
    const client = new Client({ connectionString: db.url });
    await client.connect();
    await client.query(SETUP);
    await client.end();
    // Our own session, since it hands some types over as text.
    const database = await (await engineFor("postgres")).connect(db.url, {
      connectTimeoutMs: 5_000,
      applicationName: "test",
    });
    const session = await database.open();
    catalog = await database.introspect(session);
    await session.close();
    await database.close();
  });
  afterAll(() => db?.drop());

  const place = (name: string) => {
    const table = catalog.tables.find((t) => t.relation.name === name);
    return [
      table?.partitions?.map((p) => [p.relation.schema, p.relation.name, p.default]),
      table?.partitionOf,
      table?.partitionKey,
    ];
  };

  it("knows which tables hang under which, and by what", () => {
    const part = { schema: "public", name: "part" };
    const below = [
      ["app", "part1", false],
      ["public", "partd", true],
    ];
    expect(place("part")).toEqual([below, null, ["k", "L m"]]);
    expect(place("part1")).toEqual([[["app", "part1a", true]], part, null]);
    expect(place("partd")).toEqual([[], part, null]);
    expect(place("alone")).toEqual([[["public", "kid", false]], null, null]);
    expect(place("kid")).toEqual([[], null, null]);
  });

  it("says of a table with others below it how large they are together", () => {
    const bytes = (name: string) => catalog.tables.find((t) => t.relation.name === name)?.bytes ?? 0;
    expect(bytes("part1a")).toBeGreaterThan(0);
    expect(bytes("part1")).toBe(bytes("part1a"));
    expect(bytes("part")).toBe(bytes("part1a") + bytes("partd"));
    expect(bytes("kid")).toBeGreaterThan(0);
    expect(bytes("alone")).toBeGreaterThanOrEqual(bytes("kid"));
  });

  it("knows the application's types, and which domains ask something of their values", () => {
    expect(catalog.types?.map((t) => [t.relation.schema, t.relation.name, t.kind, t.base, t.constrained])).toEqual([
      ["app", "filled", "domain", "text", true],
      ["public", "co", "composite", null, false],
      ["public", "en", "enum", null, false],
      ["public", "over_positive", "domain", "public.positive", true],
      ["public", "plain", "domain", "character varying(5)", false],
      ["public", "positive", "domain", "integer", true],
    ]);
  });
});
