import { sameRelation } from "../engines/engine.js";
import type { Shadow, Sight } from "../engines/shadow.js";
import { isError } from "../errors.js";
import type { Catalog } from "../model/catalog.js";
import type { Blocks, Lock } from "../model/effect.js";
import type { Migration } from "../model/migration.js";
import type { MigrationPlan } from "../model/plan.js";
import type { QueryStage } from "../model/query.js";
import type { Probe, Step } from "../model/step.js";
import { differences } from "./compare.js";
import { replay } from "./replay.js";

/** Two databases with the same schema: in one a plan is tried, in the other the plain statements are run. */
export interface Pair {
  readonly phased: Shadow;
  readonly plain: Shadow;
}

/** What a trial showed: the plan with what was seen, or why it must not be run. */
export interface Proof {
  readonly plan: MigrationPlan;
  /** The schema at its end; null where the plan was not run to it. */
  readonly after: Catalog | null;
  /** In words; null when the plan ends where the plain statements end. */
  readonly refused: string | null;
  /** What to write instead; absent where the plan itself may be wrong. */
  readonly help?: string;
  /** Present, and true, where the drop took along what people have to change before: the pair is not where that leads. */
  readonly forced?: true;
}

const ORDER: readonly Blocks[] = ["nothing", "ddl", "writes", "reads"];

const strongest = (locks: readonly Lock[]): number => Math.max(-1, ...locks.map((l) => ORDER.indexOf(l.blocks)));

/** Locks that were seen and are stronger than what the plan said of their table. */
function unforeseen(step: Step, seen: Sight, schema: string | null): Lock[] {
  return seen.locks.flatMap((lock) => {
    const said = step.locks.filter((l) => sameRelation(l.relation, lock.relation, schema));
    if (lock.blocks !== "reads" && lock.blocks !== "writes") return [];
    return ORDER.indexOf(lock.blocks) <= strongest(said) ? [] : [{ ...lock, held: "brief" as const }];
  });
}

/** A step as it was seen: what was foreseen stays, since a large table shows more than an empty one. */
function witnessed(step: Step, seen: Sight, schema: string | null): Step {
  if (!seen.watched || step.sql.length === 0) return step;
  const locks = [...step.locks, ...unforeseen(step, seen, schema)];
  const rewritten = seen.rewrites.some((table) => locks.some((l) => sameRelation(l.relation, table, schema)));
  return Object.freeze({ ...step, evidence: seen.evidence ?? "traced", locks, rewrite: step.rewrite || rewritten });
}

const UNTOUCHED: Sight = Object.freeze({ locks: [], rewrites: [], failed: null, watched: false });

/** As a runner does: what is done already is left, and what was run must be done. */
async function runProbed(shadow: Shadow, step: Step, { sql, makes }: Probe): Promise<Sight> {
  const done = (await shadow.state?.(sql)) === "done";
  if (done && makes !== undefined) return { ...UNTOUCHED, failed: `${makes} is there before it` };
  if (done) return UNTOUCHED;
  const seen = await shadow.run(step.sql);
  const state = seen.failed === null ? await shadow.state?.(sql) : "done";
  return state === "done" ? seen : { ...seen, failed: `its probe says "${state}" behind it` };
}

async function runStep(shadow: Shadow, step: Step): Promise<Sight> {
  if (step.backfill !== null) return shadow.fill(step.backfill);
  const probed = step.probe !== null && shadow.state !== undefined;
  return probed ? runProbed(shadow, step, step.probe) : shadow.run(step.sql);
}

/** Called where a schema was reached: `changed` is false where it is the one before. */
export type AtStage = (stage: QueryStage, shadow: Shadow, changed: boolean) => Promise<void>;

const stageOf = (step: Step): QueryStage => (step.phase === "contract" ? (step.stage ?? "swap") : step.phase);

interface Tried {
  readonly steps: readonly Step[];
  readonly failed: string | null;
  /** A drop took along what hangs on its column. */
  readonly forced: boolean;
}

/**
 * What goes with the last step there only: a view that names a renamed column, say, which people change before contract. On a
 * server the gate `dependents` waits for that.
 */
const withDependents = (step: Step): readonly string[] =>
  step.stage === "drop" ? step.sql.map((sql) => (/\bDROP COLUMN\b/.test(sql) ? `${sql} CASCADE` : sql)) : [];

async function tryStep(shadow: Shadow, step: Step, named: boolean): Promise<Sight & { readonly forced: boolean }> {
  const seen = await runStep(shadow, step);
  const harder = seen.failed === null || !named ? [] : withDependents(step);
  if (harder.length === 0) return { ...seen, forced: false };
  return { ...(await shadow.run(harder)), locks: [], forced: true };
}

async function tryAll(shadow: Shadow, steps: readonly Step[], schema: string | null, named = false): Promise<Tried> {
  const tried: Step[] = [];
  let forced = false;
  for (const step of steps) {
    const seen = await tryStep(shadow, step, named);
    forced ||= seen.forced;
    if (seen.failed !== null) return { steps: tried, failed: `Step ${step.id} fails there: ${seen.failed}.`, forced };
    tried.push(witnessed(step, seen, schema));
  }
  return { steps: tried, failed: null, forced };
}

/**
 * Steps in the order of their stages, those of stages that are not named left out.
 *
 * @param named a renamed column is named by what does not travel: the drop is tried without it
 */
export async function tryStages(
  shadow: Shadow,
  steps: readonly Step[],
  stages: readonly QueryStage[],
  schema: string | null,
  at: AtStage,
  named = false,
): Promise<Tried> {
  const tried: Step[] = [];
  let forced = false;
  for (const stage of stages) {
    const own = steps.filter((s) => stageOf(s) === stage);
    const done = await tryAll(shadow, own, schema, named);
    tried.push(...done.steps);
    forced ||= done.forced;
    if (done.failed !== null) return { steps: tried, failed: done.failed, forced };
    await at(stage, shadow, own.length > 0);
  }
  return { steps: tried, failed: null, forced };
}

async function undoAll(shadow: Shadow, steps: readonly Step[]): Promise<string | null> {
  for (const step of steps.toReversed()) {
    const { failed } = await shadow.run(step.undo);
    if (failed !== null) return `A rollback of step ${step.id} fails there: ${failed}.`;
  }
  return null;
}

const ROWS_STAY =
  "A rollback leaves the rows that an INSERT has brought in. Say what happens to those that are there: ON CONFLICT DO NOTHING, or INSERT IGNORE on MySQL and MariaDB.";

const isInsert = ({ rowsOnly, backfill }: Step): boolean => rowsOnly === true || backfill?.statement?.verb === "insert";

/** What a rollback before contract would leave; tried on empty tables, and then all is done again. */
async function tryBack(
  pair: Pair,
  before: Catalog,
  steps: readonly Step[],
): Promise<{ readonly failed: string | null; readonly left: readonly string[]; readonly help?: string }> {
  if (steps.some((s) => s.final)) return { failed: null, left: [] };
  const failed = await undoAll(pair.phased, steps);
  if (failed !== null) return { failed, left: [] };
  const left = differences(before, await pair.phased.introspect(), { a: "before", b: "after a rollback" });
  const again = await tryAll(pair.phased, steps, before.defaultSchema);
  if (again.failed === null) return { failed: null, left };
  const step = steps[again.steps.length];
  const reason = `Applied again after a rollback: ${again.failed}`;
  return { failed: reason, left, ...(step !== undefined && isInsert(step) ? { help: ROWS_STAY } : {}) };
}

const some = (list: readonly string[]): string =>
  list.length <= 3 ? list.join("; ") : `${list.slice(0, 3).join("; ")}; and ${list.length - 3} more`;

/** How the plain statements' end differs from the phases'. */
async function differAtEnd({ plain }: Pair, after: Catalog, before: Catalog): Promise<readonly string[]> {
  const comparable = (catalog: Catalog): Catalog => plain.comparable?.(catalog, before) ?? catalog;
  return differences(comparable(await plain.introspect()), comparable(after), SIDES);
}

/** Something names a column that the plan renames, and does not travel with it. */
function namesRenamed({ tables, defaultSchema }: Catalog, { retires }: MigrationPlan): boolean {
  return retires.some(({ relation, column, replacement }) =>
    tables
      .filter((t) => replacement !== null && sameRelation(t.relation, relation, defaultSchema))
      .some((t) => t.dependents.some((d) => d.columns.includes(column))),
  );
}

/** Of what was dropped with the column, and has to be changed before contract: what it is then is its author's. */
const isDependent = (difference: string): boolean =>
  /^(?:view|materialized-view|function|procedure|policy|rule|trigger) .* is there only in plain SQL$/.test(difference);

const nobody: AtStage = () => Promise.resolve();

const SIDES = { a: "in plain SQL", b: "after the phases" };

/**
 * Tries a plan: expand and backfill, their undo, and all phases to the end; and runs the plain statements beside it. Both
 * must end with the same schema. Afterwards the pair is where the migration ends, or anywhere where the plan is refused or
 * its drop was forced.
 *
 * @param before the schema that both have
 * @param at is asked before the first step and behind each stage
 * @returns the plan with the locks and rewrites that were seen, and what a rollback leaves as a note
 */
export async function prove(
  plan: MigrationPlan,
  migration: Migration,
  pair: Pair,
  before: Catalog,
  at: AtStage = nobody,
): Promise<Proof> {
  const schema = before.defaultSchema;
  await at("before", pair.phased, false);
  const first = await tryStages(pair.phased, plan.steps, ["expand", "backfill"], schema, at);
  if (first.failed !== null) return { plan, after: null, refused: first.failed };
  const early = plan.steps.filter((s) => s.phase !== "contract");
  const back = await tryBack(pair, before, early);
  if (back.failed !== null)
    return { plan, after: null, refused: back.failed, ...(back.help === undefined ? {} : { help: back.help }) };
  const named = namesRenamed(before, plan);
  const second = await tryStages(pair.phased, plan.steps, ["swap", "drop"], schema, at, named);
  if (second.failed !== null) return { plan, after: null, refused: second.failed };
  await replay([migration], pair.plain);
  const after = await pair.phased.introspect();
  const all = await differAtEnd(pair, after, before);
  const { forced } = second;
  const differ = forced ? all.filter((d) => !isDependent(d)) : all;
  const notes = back.left.length === 0 ? [] : [`A rollback before contract leaves: ${some(back.left)}.`];
  const seen = { ...plan, steps: [...first.steps, ...second.steps], notes: [...plan.notes, ...notes] };
  const refused = differ.length === 0 ? null : `The phases end with another schema than the file: ${some(differ)}.`;
  return { plan: Object.freeze(seen), after, refused, ...(forced ? { forced } : {}) };
}

/** A plan and the file that it is made of. */
export interface Planned {
  readonly plan: MigrationPlan;
  readonly migration: Migration;
}

/** What a trial of several plans showed: as a `Proof` of each that has nothing to be said of. */
export interface ProofOfAll {
  readonly plans: readonly MigrationPlan[];
  readonly after: Catalog;
}

/** All is done in its first deploy, and can be taken back: there are no states between that somebody could meet. */
export const isDoneInExpand = ({ steps }: MigrationPlan): boolean =>
  steps.every((s) => s.phase === "expand" && !s.final);

/**
 * Tries plans of which each is done in expand, one behind the other: all of them, their undo from the last to the first,
 * all of them again, and all plain statements beside. The schema is read at the end of each of these, and not for each plan:
 * where nothing differs there, no plan has left what it should not.
 *
 * @param before the schema that both have
 * @returns null where something fails or differs: the pair is then anywhere, and which of them it is has to be found out
 */
export async function proveTogether(all: readonly Planned[], pair: Pair, before: Catalog): Promise<ProofOfAll | null> {
  const { phased, plain } = pair;
  const plans: MigrationPlan[] = [];
  for (const { plan } of all) {
    const { steps, failed } = await tryAll(phased, plan.steps, before.defaultSchema);
    if (failed !== null) return null;
    plans.push(Object.freeze({ ...plan, steps }));
  }
  const steps = all.flatMap(({ plan }) => plan.steps);
  const back = await tryBack(pair, before, steps);
  if (back.failed !== null || back.left.length > 0) return null;
  try {
    await replay(
      all.map(({ migration }) => migration),
      plain,
    );
  } catch (error) {
    if (isError(error, "shadow-failed")) return null;
    throw error;
  }
  const after = await phased.introspect();
  return (await differAtEnd(pair, after, before)).length === 0 ? { plans, after } : null;
}
