import { type Engine, type Phased, Refusal, type StandIn, sameRelation } from "../engines/engine.js";
import { mayName } from "../history/text.js";
import { show } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { RetiredTable } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { nameOf, type Place, rank } from "./data-order.js";

/** What names are read with. */
interface Reading {
  readonly engine: Pick<Engine, "tablesNeeded">;
  readonly defaultSchema: string | null;
}

/** The views that a plan drops in its swap. */
export const standInsOf = ({ retiredTables = [] }: { readonly retiredTables?: readonly RetiredTable[] }): StandIn[] =>
  retiredTables.flatMap(({ standIn: view, relation: of }) => (view === undefined ? [] : [{ view, of }]));

/** The first stand-in that an operation needs as what it stands in for; null when it needs none. */
export function standInNeeded(
  standIns: readonly StandIn[],
  operation: Operation,
  sql: string,
  { engine, defaultSchema }: Reading,
): StandIn | null {
  // Reading a statement again costs, and hardly any names one of these.
  const named = standIns.filter(({ view }) => mayName(sql, view.name));
  if (named.length === 0) return null;
  const needed = engine.tablesNeeded(operation, sql);
  return named.find(({ view }) => needed.some((r) => sameRelation(r, view, defaultSchema))) ?? null;
}

/** For people: behind "this file" or "that migration". */
export const standsIn = ({ view, of }: StandIn): string =>
  `renames ${show(of)} to ${show(view)}: until the swap that is a view, which the swap drops, and this cannot be done with a view or would go with it`;

const SWAP: Place = { phase: "contract", stage: "swap" };

/** What only says something of a thing: nobody needs it before the swap. */
const SAYS: ReadonlySet<string> = new Set(["alter-object", "comment"]);

const detailOf = (operation: Operation): string =>
  operation.kind === "other" && operation.detail !== undefined ? operation.detail.kind : "";

const isDdl = (steps: readonly Step[]): boolean => steps.every((s) => s.kind === "ddl" && s.phase !== "contract");

function behindSwap(phased: Phased, { view }: StandIn): Phased {
  const steps = phased.steps.map((s): Step => ({ ...s, ...SWAP }));
  const note = `Step ${steps[0]?.id} runs in ${nameOf(SWAP)}, behind the rename that gives ${show(view)} its name.`;
  return { ...phased, steps, notes: [...phased.notes, note] };
}

const FIRST =
  "Put this statement in front of the rename, with the old name: what it makes stays with the table, whatever that is called. Or put it into a later migration: it begins when this one is swapped.";

/**
 * What a file says of a name that an earlier statement of it gives waits for the swap; rights are given on both.
 *
 * @param asked the phase that the author named
 * @throws Refusal for what new code may need before
 */
export function behindStandIn(
  standIns: readonly StandIn[],
  operation: Operation,
  sql: string,
  phased: Phased,
  asked: PhaseName | null,
  reading: Reading,
): Phased {
  const first = phased.steps.find((s) => s.sql.length > 0 || s.backfill !== null);
  // Rights are given on both.
  if (first === undefined || rank(first) >= rank(SWAP) || detailOf(operation) === "privileges") return phased;
  const met = standInNeeded(standIns, operation, sql, reading);
  if (met === null) return phased;
  if (asked === null && isDdl(phased.steps) && SAYS.has(detailOf(operation))) return behindSwap(phased, met);
  throw new Refusal(`This file ${standsIn(met)}. It would run in ${nameOf(first)} already.`, FIRST);
}
