import type { Engine, Version } from "../engines/engine.js";
import type { Shadow } from "../engines/shadow.js";
import type { Migration } from "../model/migration.js";
import type { PlanRefusal } from "../model/plan.js";
import type { PlannedMigration, PlanReport } from "../model/plan-report.js";
import { type ReadQuery, recorderOf } from "../queries/record.js";
import type { Proof } from "../shadow/prove.js";
import { openTrial, type Trial } from "../shadow/trial.js";
import { planMigration } from "./plan.js";
import { brokenEarly } from "./queries.js";
import { chosen, entry, type PlanSettings, quoteOf } from "./report.js";

/**
 * From the history replayed in a database of its own, in which every plan is tried: its locks are seen, and it must end
 * where the plain statements end.
 *
 * @param files the migrations to report; null for all
 * @param queries of the application, asked about at each phase
 * @throws ZmigrateError shadow-failed for a history that cannot be replayed
 */
export async function planFromShadow(
  engine: Engine,
  folder: readonly Migration[],
  settings: PlanSettings,
  files: readonly string[] | null,
  open: (texts: readonly string[], version: Version) => Promise<Shadow>,
  queries: readonly ReadQuery[] = [],
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
      else migrations.push(await tryOne(migration, trial, { engine, version, settings, queries }));
    }
  } finally {
    await trial.close();
  }
  return report(migrations);
}

/** What a migration is tried with. */
interface Given {
  readonly engine: Engine;
  readonly version: Version;
  readonly settings: PlanSettings;
  readonly queries: readonly ReadQuery[];
}

/** Plans one migration on the schema that the former ones have left, and tries it, and the queries at each phase. */
async function tryOne(migration: Migration, trial: Trial, given: Given): Promise<PlannedMigration> {
  const { engine, version, settings, queries } = given;
  const catalog = await trial.catalog();
  const { plan, refusals } = planMigration(migration, { engine, catalog, version });
  if (plan === null) {
    await trial.skip(migration);
    return entry(migration, "pending", null, refusals, settings, catalog);
  }
  const recorder = recorderOf(queries);
  const proof = await trial.prove(plan, migration, recorder.at);
  const matrix = recorder.matrix("the plan was refused before");
  const compatibility = queries.length === 0 ? {} : { compatibility: matrix };
  const broken = [...notProven(migration, proof), ...brokenEarly(migration, matrix)];
  const shown = broken.length === 0 ? proof.plan : null;
  return { ...entry(migration, "pending", shown, broken, settings, catalog), ...compatibility };
}

function notProven({ id, slug: name, file }: Migration, { refused }: Proof): readonly PlanRefusal[] {
  if (refused === null) return [];
  const help = "Please report it with the file; `--no-shadow` plans without trying.";
  return [{ id, name, file, line: 1, column: 1, reason: refused, help }];
}
