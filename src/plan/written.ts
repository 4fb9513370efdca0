import type { Migration, WrittenPlan } from "../model/migration.js";
import type { PlanRefusal } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { type Parted, withPartsOf } from "./parts-since.js";
import type { PlanContext, Planned } from "./plan.js";

/** What an edited step locks is what its SQL does now. */
function asEdited(step: Step, { edited }: WrittenPlan, { engine, catalog, version }: PlanContext): Step {
  const found = edited.find((e) => e.step === step.id);
  if (found === undefined || step.backfill !== null || step.verify !== null) return step;
  const effects = found.statements.flatMap((s) => s.operations).map((o) => engine.effects(o, { catalog, version }));
  const locks = effects.flatMap((e) => e.locks);
  return { ...step, locks, rewrite: effects.some((e) => e.rewrite), scan: effects.some((e) => e.scan) };
}

const editedNote = (step: string): string =>
  `Step ${step} was edited by hand after \`plan --write\`: its undo, and how a run tells that it is done, are as they were written; read them again.`;

const refused = ({ id, slug, file }: Migration, reason: string): PlanRefusal =>
  Object.freeze({
    id,
    name: slug,
    file,
    line: 1,
    column: 1,
    reason,
    help: "Put the lines at its top back in place of the file, and let `zmigrate plan --write` write it for this server.",
  });

const writtenFor = (written: string, found: string): string =>
  `The steps of this file were written for ${written}, and this is ${found}.`;

/**
 * Of another engine, or of a server whose first number is another one: steps for PostgreSQL 14 fail halfway on 18, where
 * NOT NULL is a constraint with a name. Without a server nobody knows which one it will be. Null when they fit.
 */
function misfit(
  migration: Migration,
  { engine: name, version }: WrittenPlan,
  context: PlanContext,
): PlanRefusal | null {
  const { engine, catalog, version: server } = context;
  if (name !== engine.name) return refused(migration, writtenFor(name, engine.name));
  const fits = catalog.source !== "database" || Number.parseInt(version, 10) === server.parts[0];
  return fits ? null : refused(migration, writtenFor(`${name} ${version}`, `${name} ${server.text}`));
}

/** Steps for parts of a table come and go with these. */
const isWhole = ({ part }: Step): boolean => part === undefined;

const idsBut = (of: readonly Step[], others: readonly Step[]): string[] =>
  of.map((s) => s.id).filter((id) => !others.some((o) => o.id === id));

/** What this schema asks for and the file does not have, or the other way round: it was written on another schema. */
function differences(steps: readonly Step[], anew: Planned): readonly string[] {
  if (anew.plan === null)
    return anew.refusals.map((r) => `On this schema the change could not be planned: ${r.reason}`);
  const [own, others] = [steps.filter(isWhole), anew.plan.steps.filter(isWhole)];
  const [missing, extra] = [idsBut(others, own), idsBut(own, others)];
  if (missing.length === 0 && extra.length === 0) return [];
  const said = [
    ...(missing.length === 0 ? [] : [`it would also have ${missing.join(", ")}`]),
    ...(extra.length === 0 ? [] : [`it would not have ${extra.join(", ")}`]),
  ];
  return [`The steps were written on another schema. Planned on this one ${said.join(", and ")}.`];
}

const NO_PLACE =
  "A table has another partition than when the steps of this file were written, and they have no place for its own.";

/**
 * The steps for the partitions that there are in a database; the files alone do not tell. Null where they cannot be known, and the
 * change would be found incomplete when most of it is done.
 */
function parted(steps: readonly Step[], { catalog }: PlanContext, { plan }: Planned): Parted | null {
  if (catalog.source === "files" || [...steps, ...(plan?.steps ?? [])].every(isWhole)) return { steps, notes: [] };
  return plan === null ? null : withPartsOf(steps, plan.steps);
}

/**
 * The plan that stands in a file: its steps are not made anew, so that what was reviewed is what runs. Only those for
 * partitions follow the tables.
 *
 * @param anew the plan of the change itself on this schema: where it has other steps, a note says so
 */
export function planWritten(migration: Migration, written: WrittenPlan, context: PlanContext, anew: Planned): Planned {
  const { catalog, pairs } = anew;
  const refuse = (refusals: readonly PlanRefusal[]): Planned => ({ plan: null, refusals, wants: [], catalog, pairs });
  const misfitting = misfit(migration, written, context);
  if (misfitting !== null) return refuse([misfitting]);
  const { id, slug: name, file } = migration;
  const { plan, edited } = written;
  const now = parted(plan.steps, context, anew);
  if (now === null) return refuse(anew.plan === null ? anew.refusals : [refused(migration, NO_PLACE)]);
  const steps = now.steps.map((step) => asEdited(step, written, context));
  const said = [...now.notes, ...edited.map((e) => editedNote(e.step)), ...differences(steps, anew)];
  const made = Object.freeze({ ...plan, id, name, file, steps, notes: [...plan.notes, ...said], findings: [] });
  return { plan: made, refusals: [], wants: [], catalog, pairs };
}
