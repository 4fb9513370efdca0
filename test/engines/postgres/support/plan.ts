import { postgresEngine } from "../../../../src/engines/postgres/index.js";
import { parseMigration } from "../../../../src/history/load.js";
import { afterSession, applyOperation, emptyCatalog } from "../../../../src/history/replay.js";
import type { Catalog } from "../../../../src/model/catalog.js";
import type { Migration } from "../../../../src/model/migration.js";
import type { Step } from "../../../../src/model/step.js";
import { type Planned, planMigration } from "../../../../src/plan/plan.js";

const migrationOf = (text: string): Migration =>
  parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" }, postgresEngine);

/** The schema that these statements make, as a database would be read. */
export async function schema(sql: string): Promise<Catalog> {
  await postgresEngine.load();
  const operations = migrationOf(sql).statements.flatMap((s) => s.operations);
  return afterSession(operations.reduce(applyOperation, emptyCatalog("database", "public")));
}

/** What becomes of a migration on a schema that is there. */
export async function planOn(on: string | Catalog, migration: string, version = 18): Promise<Planned> {
  const catalog = typeof on === "string" ? await schema(on) : on;
  return planMigration(migrationOf(migration), {
    engine: postgresEngine,
    catalog,
    version: { text: String(version), parts: [version] },
  });
}

const brief = (step: Step): string => {
  const place = step.stage ?? step.phase;
  if (step.backfill !== null) return `${place} backfill SET ${step.backfill.set} WHERE ${step.backfill.where}`;
  if (step.verify !== null) return `${place} verify ${step.verify.mismatch}`;
  return `${place} ${step.sql.join("; ")}`;
};

/** The steps, each in a line: where it stands and what it runs. @throws Error with the refusals where there is no plan */
export async function stepsOn(on: string | Catalog, migration: string, version = 18): Promise<string[]> {
  const { plan, refusals } = await planOn(on, migration, version);
  if (plan === null) throw new Error(refusals.map((r) => `${r.line}: ${r.reason} ${r.help}`).join("\n"));
  return plan.steps.map(brief);
}

/** Why there is no plan: place and reason, and what is said instead. */
export async function refusalOn(on: string | Catalog, migration: string, version = 18): Promise<string> {
  const { refusals } = await planOn(on, migration, version);
  return refusals.map((r) => `${r.line}:${r.column} ${r.reason} ${r.help}`).join("\n");
}
