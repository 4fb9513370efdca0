import type { Engine, Version } from "../engines/engine.js";
import type { Shadow } from "../engines/shadow.js";
import type { Migration } from "../model/migration.js";
import type { PlannedMigration, PlanReport } from "../model/plan-report.js";
import { openTrial, type Trial } from "../shadow/trial.js";
import { planMigration } from "./plan.js";
import { chosen, entry, type PlanSettings, quoteOf } from "./report.js";

/**
 * From the history replayed in a database of its own, in which every plan is tried: its locks are seen, and it must end
 * where the plain statements end.
 *
 * @param files the migrations to report; null for all
 * @throws ZmigrateError shadow-failed for a history that cannot be replayed
 */
export async function planFromShadow(
  engine: Engine,
  folder: readonly Migration[],
  settings: PlanSettings,
  files: readonly string[] | null,
  open: (texts: readonly string[], version: Version) => Promise<Shadow>,
): Promise<PlanReport> {
  await engine.load();
  const version = settings.serverVersion ?? engine.oldestVersion;
  const isChosen = chosen(folder, files, settings.to ?? null);
  const report = (migrations: readonly PlannedMigration[]): PlanReport => ({
    engine: engine.name,
    version: version.text,
    quote: quoteOf(engine),
    schemaSource: "shadow",
    migrations,
  });
  if (!folder.some(isChosen)) return report([]);
  const texts = folder.map((m) => m.text);
  const trial = await openTrial(() => open(texts, version));
  const migrations: PlannedMigration[] = [];
  try {
    for (const migration of folder) {
      if (!isChosen(migration)) await trial.skip(migration);
      else migrations.push(await tryOne(migration, trial, { engine, version, settings }));
    }
  } finally {
    await trial.close();
  }
  return report(migrations);
}

/** Plans one migration on the schema that the former ones have left, and tries it. */
async function tryOne(
  migration: Migration,
  trial: Trial,
  { engine, version, settings }: { engine: Engine; version: Version; settings: PlanSettings },
): Promise<PlannedMigration> {
  const catalog = await trial.catalog();
  const { plan, refusals } = planMigration(migration, { engine, catalog, version });
  if (plan === null) {
    await trial.skip(migration);
    return entry(migration, "pending", null, refusals, settings, catalog);
  }
  const proof = await trial.prove(plan, migration);
  if (proof.refused === null) return entry(migration, "pending", proof.plan, [], settings, catalog);
  const help = "Please report it with the file; `--no-shadow` plans without trying.";
  const { id, slug: name, file } = migration;
  const refusal = { id, name, file, line: 1, column: 1, reason: proof.refused, help };
  return entry(migration, "pending", null, [refusal], settings, catalog);
}
