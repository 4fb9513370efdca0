import type { Engine, Version } from "../engines/engine.js";
import type { Prepared, Shadow } from "../engines/shadow.js";
import { isError, ZmigrateError } from "../errors.js";
import { emptyCatalog } from "../history/replay.js";
import type { Migration } from "../model/migration.js";
import type { MigrationPlan, PlanRefusal } from "../model/plan.js";
import type { PlannedMigration, PlanReport } from "../model/plan-report.js";
import { type ReadQuery, recorderOf } from "../queries/record.js";
import type { Proof } from "../shadow/prove.js";
import { openTrial, type Trial } from "../shadow/trial.js";
import { loadCode } from "./code.js";
import { withKeyIndexes } from "./key-indexes.js";
import { planMigration } from "./plan.js";
import { brokenEarly } from "./queries.js";
import { goneRefusals } from "./refuse-gone.js";
import { chosen, entry, type PlanSettings, quoteOf } from "./report.js";
import { FIRST_SIZE, type Simple, simpleAhead, sizeAfter } from "./together.js";
import { type UnderWay, underWay, waitOf, withWait } from "./waits.js";

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
    ...(folder.length === 0 ? { none: true } : {}),
    migrations,
  });
  if (!folder.some(isChosen)) return report([]);
  const refused = refusedBefore(folder.filter(isChosen), folder, engine, settings);
  if (refused.length > 0) return report(refused);
  await loadCode(folder.filter(isChosen));
  const texts = folder.flatMap((m) => (m.code === undefined ? [m.text] : []));
  const trial = await openTrial(() => open(texts, version));
  try {
    return report(await tryFolder(folder, isChosen, trial, { engine, version, settings, queries }));
  } finally {
    await trial.close();
  }
}

/** Those of which the plain statements fail: nothing can be tried with them in the history, nor behind them. */
function refusedBefore(
  chosen: readonly Migration[],
  folder: readonly Migration[],
  engine: Engine,
  settings: PlanSettings,
): readonly PlannedMigration[] {
  const dialect = engine.name === "postgres" ? undefined : engine.name;
  const catalog = emptyCatalog("shadow", dialect === undefined ? "public" : null, dialect);
  const gone = goneRefusals([], folder, { engine, catalog });
  return chosen.flatMap((migration) => {
    const refusals = gone.get(migration.id);
    return refusals === undefined ? [] : [entry(migration, "pending", null, refusals, settings, catalog)];
  });
}

async function tryFolder(
  folder: readonly Migration[],
  isChosen: (migration: Migration) => boolean,
  trial: Trial,
  given: Common,
): Promise<readonly PlannedMigration[]> {
  const migrations: PlannedMigration[] = [];
  let known: Known = null;
  const others: UnderWay[] = [];
  let size = FIRST_SIZE;
  /** What is tried one by one since together it did not go well. */
  let alone = 0;
  for (let n = 0; n < folder.length; ) {
    const migration = folder[n] as Migration;
    if (!isChosen(migration)) {
      await trial.skip(migration);
      known = null;
      n += 1;
      continue;
    }
    const before = migrations.flatMap(({ plan }) => plan ?? []);
    const many = alone > 0 ? [] : await together(folder.slice(n), isChosen, trial, { ...given, before, others }, size);
    if (many !== null && many.length > 0) {
      size = sizeAfter(size, true);
      n += many.length;
      others.push(...many.map(({ begins }) => begins));
      migrations.push(...many.map(({ planned }) => planned));
      continue;
    }
    if (many === null) [alone, size] = [size, sizeAfter(size, false)];
    const tried = await tryOne(migration, trial, { ...given, known, others, before, behind: folder.slice(n + 1) });
    others.push(...[tried.begins ?? []].flat());
    migrations.push(tried.planned);
    known = tried.known;
    n += 1;
    alone = Math.max(0, alone - 1);
  }
  return migrations;
}

interface Several extends Common {
  readonly before: readonly MigrationPlan[];
  readonly others: readonly UnderWay[];
}

/**
 * The next migrations, as far as they can be tried together.
 *
 * @returns none where there are fewer than two of the kind; null where one of them has to be looked for
 */
async function together(
  ahead: readonly Migration[],
  isChosen: (migration: Migration) => boolean,
  trial: Trial,
  given: Several,
  most: number,
): Promise<readonly { readonly planned: PlannedMigration; readonly begins: UnderWay }[] | null> {
  const { engine, version, settings, queries, before, others } = given;
  if (queries.length > 0) return [];
  const catalog = withKeyIndexes(
    await trial.catalog(),
    before.map((plan) => ({ plan, status: "contracted" })),
  );
  const end = ahead.findIndex((m) => !isChosen(m));
  const simple = simpleAhead({
    engine,
    version,
    ahead,
    catalog,
    others,
    most: end === -1 ? most : Math.min(most, end),
  });
  if (simple.length < 2) return [];
  const plans = await trial.proveTogether(simple);
  return (
    plans?.map((plan, at) => {
      const { migration, catalog: schema, begins } = simple[at] as Simple;
      return { planned: entry(migration, "pending", plan, [], settings, schema), begins };
    }) ?? null
  );
}

/** What the queries are in the schema as it is; null where it is not known. */
type Known = readonly Prepared[] | null;

/** What all migrations are tried with. */
interface Common {
  readonly engine: Engine;
  readonly version: Version;
  readonly settings: PlanSettings;
  readonly queries: readonly ReadQuery[];
}

/** What a migration is tried with. */
interface Given extends Common {
  readonly known: Known;
  /** Those before it that are planned too. */
  readonly others: readonly UnderWay[];
  /** Their plans. */
  readonly before: readonly MigrationPlan[];
  /** What comes behind it in the folder. */
  readonly behind: readonly Migration[];
}

/** What the shadow refuses of a migration that is planned may well be wrong, and is not for want of history. */
async function whilePlanned<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isError(error, "shadow-failed")) throw error;
    throw new ZmigrateError("shadow-failed", { ...error.data, planned: true }, { cause: error });
  }
}

interface TriedOne {
  readonly planned: PlannedMigration;
  /** What others meet while it is under way; null where it is refused. */
  readonly begins: UnderWay | null;
  readonly known: Known;
}

/** Plans one migration on the schema that the former ones have left, and tries it, and the queries at each phase. */
async function tryOne(migration: Migration, trial: Trial, given: Given): Promise<TriedOne> {
  const { engine, version, settings, queries } = given;
  const before = given.before.map((plan) => ({ plan, status: "contracted" }));
  const catalog = withKeyIndexes(await trial.catalog(), before);
  const { plan, refusals } = planMigration(migration, { engine, catalog, version });
  if (plan === null) {
    // What comes behind it needs what it makes; behind the last one there is nothing, and the server may refuse it, too.
    if (given.behind.length > 0) await whilePlanned(trial.skip(migration));
    return { planned: entry(migration, "pending", null, refusals, settings, catalog), begins: null, known: null };
  }
  const recorder = recorderOf(queries, given.known);
  const proof = await whilePlanned(trial.prove(plan, migration, recorder.at));
  const matrix = recorder.matrix("the plan was refused before");
  const compatibility = queries.length === 0 ? {} : { compatibility: matrix };
  const wait = waitOf(migration, { plan: proof.plan, wants: [] }, given.others, { engine, catalog }, given.behind);
  const broken = [...notProven(migration, proof), ...brokenEarly(migration, matrix), ...[wait?.circle ?? []].flat()];
  const shown = broken.length === 0 ? withWait(proof.plan, wait) : null;
  const planned = { ...entry(migration, "pending", shown, broken, settings, catalog), ...compatibility };
  const begins = shown === null ? null : underWay(shown, false, catalog);
  // A plan that fails there is taken back, and the plain statements are run.
  return { planned, begins, known: proof.refused === null ? recorder.last() : null };
}

function notProven({ id, slug: name, file }: Migration, proof: Proof): readonly PlanRefusal[] {
  const { refused, help = "Please report it with the file; `--no-shadow` plans without trying." } = proof;
  if (refused === null) return [];
  return [{ id, name, file, line: 1, column: 1, reason: refused, help }];
}
