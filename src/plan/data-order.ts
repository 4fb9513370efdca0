import { type Phased, Refusal, sameRelation } from "../engines/engine.js";
import { BACKFILL } from "../engines/place.js";
import type { Catalog } from "../model/catalog.js";
import type { DataChange } from "../model/detail/data.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { Step } from "../model/step.js";
import type { LateInFile } from "./late-for-rows.js";
import { foundOtherwise, meetsLate } from "./rows-behind.js";
import { rowsFound } from "./rows-found.js";

/** Where in a migration something runs. */
export type Place = Pick<Step, "phase" | "stage">;

/** A change of rows of this file, and where it runs. */
export interface Written {
  readonly change: DataChange;
  readonly place: Place;
}

const PLACES: readonly Place[] = [
  { phase: "expand", stage: null },
  { phase: "backfill", stage: null },
  { phase: "contract", stage: "swap" },
  { phase: "contract", stage: "drop" },
];

/** The greater, the later. */
export const rank = ({ phase, stage }: Place): number =>
  PLACES.findIndex((p) => p.phase === phase && p.stage === stage);

/** The change of rows that an operation is; null for any other. */
export const changeOfRows = (operation: Operation): DataChange | null =>
  operation.kind === "other" && operation.detail?.kind === "data-change" ? operation.detail : null;

/** What an operation adds to the changes of rows that later ones are held to. */
export function writtenBy(operation: Operation, { steps }: Phased): Written[] {
  const change = changeOfRows(operation);
  const last = steps.at(-1);
  return change === null || last === undefined ? [] : [{ change, place: { phase: last.phase, stage: last.stage } }];
}

const meet = (a: readonly RelationName[], b: readonly RelationName[], { defaultSchema }: Catalog): boolean =>
  a.some((x) => b.some((y) => sameRelation(x, y, defaultSchema)));

/** One of them writes what the other one reads or writes, so that their order counts. */
const dependent = (a: DataChange, b: DataChange, catalog: Catalog): boolean =>
  meet(a.writes, [...b.writes, ...b.reads], catalog) || meet(b.writes, a.reads, catalog);

function latest(places: readonly Place[]): Place | null {
  return places.reduce<Place | null>((late, p) => (late === null || rank(p) > rank(late) ? p : late), null);
}

/** For people: `contract (swap)`. */
export const nameOf = ({ phase, stage }: Place): string => (stage === null ? phase : `${phase} (${stage})`);

/** The first step of an operation that looks at rows, by itself or as the server builds something of them. */
const lookOf = ({ steps, itself }: Phased): Place | undefined =>
  steps.find((s) => s.kind !== "ddl") ?? itself ?? steps[0];

/** What of a file stands in front of an operation. */
interface InFront {
  readonly written: readonly Written[];
  /** What it changes in the contract only. */
  readonly late: readonly LateInFile[];
}

/** A change of the file that rows of a table are found otherwise behind: for people, behind "this file". */
interface Met {
  readonly change: string;
  readonly place: Place;
}

/** What makes the rows that an operation looks at other ones only when it has looked. */
function metLater({ written, late }: InFront, tables: readonly RelationName[], look: Place, catalog: Catalog): Met[] {
  const [table] = tables;
  const all: readonly Met[] = [
    ...written
      .filter((w) => meet(w.change.writes, tables, catalog))
      .map(({ change, place }) => ({ change: `${change.verb}s rows of ${table?.name}`, place })),
    ...late.filter((l) => foundOtherwise(tables, l, catalog)),
  ];
  return all.filter(({ place }) => rank(place) > rank(look));
}

/**
 * A unique index is built behind the rows that the file writes in backfill.
 *
 * @param asked the phase that the author named
 * @throws Refusal for what else looks at rows before they are what the file makes of them
 */
function behindFoundRows(
  front: InFront,
  operation: Operation,
  phased: Phased,
  asked: PhaseName | null,
  catalog: Catalog,
): Phased {
  const tables = rowsFound(operation, phased.retires, catalog);
  const first = lookOf(phased);
  const [table] = tables;
  if (table === undefined || first === undefined) return phased;
  const met = metLater(front, tables, first, catalog);
  const [late] = met;
  if (late === undefined) return phased;
  if (operation.kind === "create-index" && asked === null && met.every(({ place }) => rank(place) === rank(BACKFILL)))
    return {
      ...phased,
      steps: phased.steps.map((s): Step => (rank(s) < rank(BACKFILL) ? { ...s, ...BACKFILL } : s)),
      notes: [
        ...phased.notes,
        `The index is built in backfill, since this file ${late.change} in front of it: what needs it, as ON CONFLICT does, works from then on.`,
      ],
    };
  throw new Refusal(
    `It looks at the rows of ${table.name} in ${nameOf(first)}, and this file ${late.change} only in ${nameOf(late.place)}: it would find them as they were before that.`,
    "Put the change of rows into an earlier migration: this one then begins when that one has contracted.",
  );
}

/** What a query that is planned reads: how far a sequence is set, say. */
const readBy = (operation: Operation): readonly RelationName[] =>
  operation.kind === "other" && operation.detail?.kind === "query" ? operation.detail.reads : [];

/**
 * A change of a new table behind the rows that the file fills it with, or reads in it, as no running code waits for either; and
 * what is read behind the rows that it is to find.
 *
 * @param asked the phase that the author named
 * @throws Refusal where that phase comes before
 */
function behindRows(
  before: readonly Written[],
  operation: Operation,
  phased: Phased,
  asked: PhaseName | null,
  catalog: Catalog,
): Phased {
  const { relation } = operation;
  const [first] = phased.steps;
  const reads = readBy(operation);
  const rows = before.filter(
    ({ change }) =>
      (relation !== null && meet([...change.writes, ...change.reads], [relation], catalog)) ||
      meet(change.writes, reads, catalog),
  );
  const after = latest(rows.map((w) => w.place));
  if (first === undefined || after === null || rank(after) <= rank(first)) return phased;
  if (asked !== null) throw new Refusal(...askedBefore(asked, after));
  return { ...phased, steps: phased.steps.map((s): Step => ({ ...s, ...after })) };
}

/** Why the phase that the author named is none for what depends on rows: reason and help. */
const askedBefore = (asked: PhaseName, after: Place): [reason: string, help: string] => [
  `It stands in the ${asked} phase, and an earlier statement of this file that it depends on runs in ${nameOf(after)}.`,
  "Name the same phase for both, or put them into two migrations.",
];

/** @throws Refusal for rows of columns that nobody names, which are others until a contract is over */
function refuseUnlisted(late: readonly LateInFile[], { verb }: DataChange): void {
  const found = late.find((l) => l.met === "unlisted");
  if (found === undefined) return;
  throw new Refusal(
    `This file ${found.change} in ${nameOf(found.place)}, and until then this ${verb}, which names no columns, fills those that there were before.`,
    "Put this statement into a later migration: it begins when this one has contracted. Name its columns there.",
  );
}

/**
 * Keeps a change of rows behind what stands before it in its file and it depends on: it runs where the last of that does.
 * So does any change of a table that is new, and a unique index of one that is not.
 *
 * @param asked the phase that the author named
 * @throws Refusal where that phase comes before one that it depends on, or where it cannot run there
 */
export function inOrder(
  front: InFront,
  operation: Operation,
  phased: Phased,
  {
    asked,
    newTable,
    catalog,
  }: { readonly asked: PhaseName | null; readonly newTable: boolean; readonly catalog: Catalog },
): Phased {
  const { written: before, late } = front;
  const change = changeOfRows(operation);
  if (change === null && (newTable || readBy(operation).length > 0))
    return behindRows(before, operation, phased, asked, catalog);
  if (change === null) return behindFoundRows(front, operation, phased, asked, catalog);
  const [first] = phased.steps;
  if (first === undefined) return phased;
  const met = late.filter((l) => meetsLate(change, l, catalog));
  refuseUnlisted(met, change);
  const after = latest([...before.filter((w) => dependent(w.change, change, catalog)), ...met].map((w) => w.place));
  if (after === null || rank(after) <= rank(first)) return phased;
  if (asked !== null) throw new Refusal(...askedBefore(asked, after));
  const note = `The ${change.verb} on ${change.writes.map((w) => w.name).join(", ")} runs in ${nameOf(after)}, behind the statement of this file that it depends on.`;
  return {
    ...phased,
    steps: phased.steps.map((s): Step => ({ ...s, ...after })),
    notes: [...phased.notes, note],
  };
}
