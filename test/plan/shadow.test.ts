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

const plan = (...texts: readonly string[]) => {
  const folder = texts.map((text, n) => {
    const id = `2026010100000${n}`;
    return parseMigration({ id, slug: "x", file: `${id}_x.sql`, text, checksum: "" }, postgresEngine);
  });
  const planned = folder.slice(1).map((m) => m.file);
  return planFromShadow(postgresEngine, folder, SETTINGS, planned, () => openShadow([], version));
};

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
