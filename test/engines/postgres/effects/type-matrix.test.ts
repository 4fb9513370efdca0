import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresEffects } from "../../../../src/engines/postgres/effects/index.js";
import { loadParser, parsePostgres } from "../../../../src/engines/postgres/parse/index.js";
import { applyOperation, emptyCatalog } from "../../../../src/history/replay.js";
import type { Catalog } from "../../../../src/model/catalog.js";
import { describeServer, type TestDatabase } from "../../../servers/index.js";

/** Every one of these becomes every other one. */
const TYPES = [
  ...[
    "varchar(5)",
    "varchar(9)",
    "varchar",
    "text",
    "citext",
    "char(5)",
    "name",
    "numeric(10, 2)",
    "numeric(12, 2)",
    "numeric",
  ],
  ...[
    "varbit(8)",
    "varbit",
    "bit(8)",
    "cidr",
    "inet",
    "int2",
    "int4",
    "int8",
    "float4",
    "timestamp",
    "timestamp(3)",
    "timestamptz",
  ],
  ...[
    "timestamptz(3)",
    "time",
    "time(3)",
    "interval",
    "interval(3)",
    "interval day to minute",
    "json",
    "jsonb",
    "xml",
    "date",
  ],
  ...["oid", "bytea", "en", "plain", "positive", "short", "text[]", "varchar(5)[]", "varchar[]", "int4[]"],
];

const SETUP = `
CREATE TYPE en AS ENUM ('a', 'b');
CREATE DOMAIN plain AS text;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN short AS varchar(5);
CREATE TABLE t (${TYPES.map((type, i) => `c${i} ${type}`).join(", ")});
`;

/** One row of NULLs: every conversion that PostgreSQL knows succeeds, and the file is replaced all the same. */
const ROW = "INSERT INTO t (c0) VALUES (NULL)";

describeServer("postgres", (postgres) => {
  let db: TestDatabase;
  let client: Client;
  let catalog: Catalog;

  beforeAll(async () => {
    await loadParser();
    db = await postgres.createDatabase("types");
    client = new Client({ connectionString: db.url });
    await client.connect();
    await client.query(`CREATE EXTENSION citext; ${SETUP} ${ROW}; SET timezone = 'UTC'`);
    const operations = parsePostgres(SETUP).statements.flatMap((s) => s.operations);
    catalog = operations.reduce(applyOperation, emptyCatalog("files", "public"));
  });
  afterAll(async () => {
    await client?.end();
    await db?.drop();
  });

  const context = (zone: string) => ({
    catalog,
    version: { text: "14", parts: [14] },
    settings: { timezone: zone },
  });

  /** There are very many: a statement is one message, and is looked at by its table's file alone. */
  async function run(sql: string): Promise<{ readonly error: string | null; readonly rewritten: boolean }> {
    const file = "SELECT pg_relation_filenode('t')::text AS file";
    try {
      const results = (await client.query(`BEGIN; ${file}; ${sql}; ${file}`)) as unknown as {
        rows: { file: string }[];
      }[];
      const [before, after] = results.flatMap((r) => r.rows.map((row) => row.file));
      return { error: null, rewritten: before !== after };
    } catch (error) {
      return { error: (error as { code?: string }).code ?? "unknown", rewritten: false };
    } finally {
      await client.query("ROLLBACK");
    }
  }

  /** What the model says of a change, beside what was seen. */
  async function compare(column: number, type: string): Promise<string | null> {
    const sql = `ALTER TABLE t ALTER COLUMN c${column} TYPE ${type}`;
    const [operation] = parsePostgres(sql).statements.flatMap((s) => s.operations);
    if (operation === undefined) return `no operation in ${sql}`;
    const stated = postgresEffects(operation, context("UTC"));
    const seen = await run(sql);
    if (seen.error !== null)
      return stated.fails?.includes(seen.error) ? null : `${sql}: ${seen.error}, says ${stated.fails}`;
    return stated.rewrite === seen.rewritten ? null : `${sql}: rewrites ${seen.rewritten}, says ${stated.rewrite}`;
  }

  it("knows for every pair of types whether the table is written anew, and which pairs there are not", async () => {
    const wrong: string[] = [];
    for (const column of TYPES.keys())
      for (const type of TYPES) {
        const difference = await compare(column, type);
        if (difference !== null) wrong.push(difference);
      }
    expect(wrong).toEqual([]);
  }, 240_000);
});
