import { beforeAll, expect, it } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { openShadow } from "../../src/engines/postgres/shadow/index.js";
import { parseMigration } from "../../src/history/load.js";
import { planFromShadow } from "../../src/plan/shadow.js";

const version = { text: "18", parts: [18] };
const SETTINGS = { parkMs: 0, soakMs: 0, serverVersion: version, release: null };
const BASE = `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE e (id int PRIMARY KEY, m mood NOT NULL);
CREATE INDEX e_m ON e (m) WHERE m = 'sad';`;
const ENUMS = `CREATE TYPE mood2 AS ENUM ('ok', 'sad');
ALTER TABLE e ALTER COLUMN m TYPE mood2 USING m::text::mood2;`;

beforeAll(() => postgresEngine.load());

/** @param last no more than these of the folder; all but the first without it */
const planLast = (texts: readonly string[], last = texts.length - 1) => {
  const folder = texts.map((text, n) => {
    const id = `2026010100000${n}`;
    return parseMigration({ id, slug: "x", file: `${id}_x.sql`, text, checksum: "" }, postgresEngine);
  });
  const planned = folder.slice(-last).map((m) => m.file);
  return planFromShadow(postgresEngine, folder, SETTINGS, planned, () => openShadow([], version));
};

const plan = (...texts: readonly string[]) => planLast(texts);

it("says its own reason where the server refuses the last statement of the folder, too", async () => {
  const { migrations } = await plan(BASE, ENUMS);
  expect(migrations[0]).toMatchObject({
    plan: null,
    refusals: [{ line: 2, reason: expect.stringContaining("e_m names values of public.mood") }],
  });
});

it("says what keeps rows from coming in twice, where they would after a rollback", async () => {
  const fill = (more: string) => `INSERT INTO e SELECT 1, 'ok'::mood${more};`;
  const { migrations } = await plan(BASE, fill(""));
  expect(migrations[0]?.refusals).toEqual([
    expect.objectContaining({
      reason: expect.stringContaining("Applied again after a rollback: Step 1-insert fails there"),
      help: expect.stringContaining("ON CONFLICT DO NOTHING"),
    }),
  ]);
});

it("does not ask for more history where a planned statement is refused", async () => {
  await expect(plan(BASE, "CREATE VIEW v AS SELECT nope FROM e;")).rejects.toMatchObject({
    code: "shadow-failed",
    help: expect.stringContaining("The statement itself may be wrong"),
  });
});

it("says of many files what it says of each alone, behind those before it", async () => {
  const texts = [
    "CREATE TABLE a (id int PRIMARY KEY, note text);",
    "ALTER TABLE a ADD COLUMN n int NOT NULL DEFAULT 1;",
    "CREATE INDEX a_n ON a (n);",
    "ALTER TABLE a RENAME COLUMN note TO remark;",
    "CREATE TABLE b (a_id int REFERENCES a, m mood);",
    // Twice after a rollback: it is found out which of the files that are tried together it is.
    "INSERT INTO a (id) VALUES (1);",
    "ALTER TYPE mood ADD VALUE 'well';",
    "CREATE VIEW v AS SELECT a_id FROM b;",
    "ALTER TABLE b ADD CONSTRAINT b_a CHECK (a_id > 0);",
  ];
  const { migrations } = await plan(BASE, ...texts);
  for (const n of [4, 8]) {
    const alone = await planLast([BASE, ...texts.slice(0, n + 1)], 1);
    // Sizes are an empty server's, of what was there when it was read.
    expect({ ...migrations[n], sizes: [] }, texts[n]).toEqual({ ...alone.migrations[0], sizes: [] });
  }
  expect(migrations.filter(({ plan: made }) => made === null).map(({ refusals }) => refusals[0]?.reason)).toEqual([
    expect.stringContaining("Applied again after a rollback"),
  ]);
}, 120_000);
