import type { Engine } from "../engines/engine.js";
import type { Shadow, Sight } from "../engines/shadow.js";
import type { Catalog } from "../model/catalog.js";
import type { Blocks, Lock } from "../model/effect.js";
import type { Migration } from "../model/migration.js";
import type { RelationName } from "../model/name.js";
import type { MigrationPlan } from "../model/plan.js";
import type { Step } from "../model/step.js";
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
  /** In words; null when the plan ends where the plain statements end. */
  readonly refused: string | null;
}

const ORDER: readonly Blocks[] = ["nothing", "ddl", "writes", "reads"];

const sameName = (a: RelationName, b: RelationName, schema: string | null): boolean =>
  a.name === b.name && (a.schema ?? schema) === (b.schema ?? schema);

const strongest = (locks: readonly Lock[]): number => Math.max(-1, ...locks.map((l) => ORDER.indexOf(l.blocks)));

/** Locks that were seen and are stronger than what the plan said of their table. */
function unforeseen(step: Step, seen: Sight, engine: Engine, schema: string | null): Lock[] {
  return seen.locks.flatMap(({ relation, mode }) => {
    const said = step.locks.filter((l) => sameName(l.relation, relation, schema));
    const blocks = engine.blocksOf(mode);
    if (blocks !== "reads" && blocks !== "writes") return [];
    if (ORDER.indexOf(blocks) <= strongest(said)) return [];
    return [{ relation, mode, blocks, held: "brief" as const }];
  });
}

/** A step as it was seen: what was foreseen stays, since a large table shows more than an empty one. */
function witnessed(step: Step, seen: Sight, engine: Engine, schema: string | null): Step {
  if (!seen.watched || step.sql.length === 0) return step;
  return Object.freeze({
    ...step,
    evidence: "traced",
    locks: [...step.locks, ...unforeseen(step, seen, engine, schema)],
    rewrite: step.rewrite || rewritten(step, seen, engine),
  });
}

/** A table that the step itself makes or empties gets a file too; only those that it locks count. */
const rewritten = (step: Step, seen: Sight, engine: Engine): boolean =>
  seen.rewrites.some((name) => step.locks.some((l) => sameFile(name, l.relation, engine)));

const sameFile = (printed: string, relation: RelationName, engine: Engine): boolean =>
  printed === engine.quoteRelation(relation) || printed === [relation.schema, relation.name].join(".");

/** @returns why it failed; null when it did not */
async function runStep(shadow: Shadow, step: Step): Promise<Sight> {
  if (step.backfill !== null) return shadow.fill(step.backfill);
  return shadow.run(step.sql);
}

interface Tried {
  readonly steps: readonly Step[];
  readonly failed: string | null;
}

async function tryAll(shadow: Shadow, steps: readonly Step[], engine: Engine, schema: string | null): Promise<Tried> {
  const tried: Step[] = [];
  for (const step of steps) {
    const seen = await runStep(shadow, step);
    if (seen.failed !== null) return { steps: tried, failed: `Step ${step.id} fails there: ${seen.failed}.` };
    tried.push(witnessed(step, seen, engine, schema));
  }
  return { steps: tried, failed: null };
}

async function undoAll(shadow: Shadow, steps: readonly Step[]): Promise<string | null> {
  for (const step of steps.toReversed()) {
    const { failed } = await shadow.run(step.undo);
    if (failed !== null) return `A rollback of step ${step.id} fails there: ${failed}.`;
  }
  return null;
}

/** What a rollback before contract would leave; tried on empty tables, and then all is done again. */
async function tryBack(pair: Pair, before: Catalog, steps: readonly Step[]) {
  if (steps.some((s) => s.final)) return { failed: null, left: [] };
  const failed = await undoAll(pair.phased, steps);
  if (failed !== null) return { failed, left: [] };
  const left = differences(before, await pair.phased.introspect(), { a: "before", b: "after a rollback" });
  for (const step of steps) await runStep(pair.phased, step);
  return { failed: null, left };
}

const some = (list: readonly string[]): string =>
  list.length <= 3 ? list.join("; ") : `${list.slice(0, 3).join("; ")}; and ${list.length - 3} more`;

/**
 * Tries a plan: expand and backfill, their undo, and all phases to the end; and runs the plain statements beside it. Both
 * must end with the same schema. Afterwards the pair is where the migration ends.
 *
 * @returns the plan with the locks and rewrites that were seen, and what a rollback leaves as a note
 */
export async function prove(plan: MigrationPlan, migration: Migration, pair: Pair, engine: Engine): Promise<Proof> {
  const before = await pair.phased.introspect();
  const schema = before.defaultSchema;
  const [early, late] = [
    plan.steps.filter((s) => s.phase !== "contract"),
    plan.steps.filter((s) => s.phase === "contract"),
  ];
  const first = await tryAll(pair.phased, early, engine, schema);
  if (first.failed !== null) return { plan, refused: first.failed };
  const back = await tryBack(pair, before, early);
  if (back.failed !== null) return { plan, refused: back.failed };
  const second = await tryAll(pair.phased, late, engine, schema);
  if (second.failed !== null) return { plan, refused: second.failed };
  await replay([migration], pair.plain);
  const sides = { a: "in plain SQL", b: "after the phases" };
  const differ = differences(await pair.plain.introspect(), await pair.phased.introspect(), sides);
  const notes = back.left.length === 0 ? [] : [`A rollback before contract leaves: ${some(back.left)}.`];
  const seen = { ...plan, steps: [...first.steps, ...second.steps], notes: [...plan.notes, ...notes] };
  const refused = differ.length === 0 ? null : `The phases end with another schema than the file: ${some(differ)}.`;
  return { plan: Object.freeze(seen), refused };
}
