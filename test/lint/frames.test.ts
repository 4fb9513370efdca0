import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { placeOf } from "../../src/files/layouts/place-of.js";
import { lintMigrations } from "../../src/lint/index.js";
import { folderInputs } from "../../src/lint/inputs.js";
import { frameOf } from "../../src/report/lint/frame.js";
import { lintTexts } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "frames-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The lines under which the findings of one file are shown. */
async function frames(file: string, text: string): Promise<readonly string[]> {
  await postgresEngine.load();
  const input = { ...placeOf(file, text, null), report: true };
  const report = lintMigrations([input], {
    engine: postgresEngine,
    version: postgresEngine.oldestVersion,
    severities: {},
  });
  return report.findings.map((finding) => frameOf(finding, report.texts.get(file) ?? "").source);
}

test("a source frame shows what stands in the file", async () => {
  const drizzle = 'ALTER TABLE "t" ALTER COLUMN "id" SET DATA TYPE text;--> statement-breakpoint';
  expect(await frames("0001_b.sql", `${drizzle}\n`)).toEqual([drizzle]);
  const knex = "  await knex.raw('CREATE INDEX i ON t (a)');";
  const script = `exports.up = async (knex) => {\n${knex}\n};\n`;
  expect(await frames("1_b.js", script)).toEqual([knex]);
});

test("the help of what is no SQL does not ask for other SQL", async () => {
  const { findings } = await lintTexts(["\\i other.sql\n", "COPY t FROM stdin;\n"]);
  expect(findings.map(({ help }) => help)).toEqual([
    expect.stringContaining("Leave the line out"),
    expect.stringContaining("INSERT ... VALUES"),
  ]);
  mkdirSync(join(folder, "migrations"));
  const file = join(folder, "migrations", "20260101000000_a.sql");
  writeFileSync(file, Buffer.from([0xff, 0xfe, 0x41, 0x00]));
  const [input] = folderInputs(join(folder, "migrations"));
  expect(input?.unread?.[0]?.help).toContain("UTF-8");
});
