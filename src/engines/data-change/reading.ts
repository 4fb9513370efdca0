import type { DataChange } from "../../model/detail/data.js";
import { type RelationName, show } from "../../model/name.js";
import { findTable } from "../engine.js";
import type { Doing } from "./doing.js";
import { mayBeSame, routinesNamed, type Stored, viewQuery } from "./stored.js";

/** A table or view that a statement reads. */
export interface Reading {
  readonly relation: RelationName;
  /** The views and functions that it is read through, in words; empty where the statement names it. */
  readonly through: readonly string[];
}

/** All that a statement reads beside the rows that it goes over. */
export interface Readings {
  readonly read: readonly Reading[];
  /** The views and functions, in words, of which it is not known what they read. */
  readonly unknown: readonly string[];
}

/** What is still to be looked at: a relation that is read, or a routine that is called. */
interface Open {
  readonly kind: "relation" | "routine";
  readonly name: RelationName;
  readonly through: readonly string[];
}

const opened = (kind: Open["kind"], names: readonly RelationName[], through: readonly string[]): readonly Open[] =>
  names.map((name) => ({ kind, name, through }));

/** The relations that a statement names beside the one whose rows it goes over. */
function namedBy({ reads, walk, verb }: DataChange, { catalog }: Stored): readonly RelationName[] {
  if (verb !== "insert" || walk === undefined) return reads;
  return reads.filter((relation) => !mayBeSame(relation, walk.relation, catalog));
}

/**
 * What a statement reads, through views and functions too.
 *
 * @param readsAny whether a function of the server's own reads whatever it is told
 */
export function readingsOf(detail: DataChange, stored: Stored, readsAny: (name: RelationName) => boolean): Readings {
  const read: Reading[] = [];
  const unknown: string[] = [];
  const seen = new Set<string>();
  const next = [...opened("relation", namedBy(detail, stored), []), ...opened("routine", detail.calls ?? [], [])];
  for (const open of next) {
    const key = `${open.kind} ${show(open.name)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (open.kind === "relation") {
      read.push({ relation: open.name, through: open.through });
      next.push(...throughView(open, stored, unknown));
    } else {
      if (readsAny(open.name)) unknown.push(`the function ${show(open.name)}`);
      for (const doing of routinesNamed(open.name, stored)) next.push(...throughRoutine(open, doing, unknown));
    }
  }
  return { read, unknown };
}

function throughView({ name, through }: Open, stored: Stored, unknown: string[]): readonly Open[] {
  const query = viewQuery(name, stored);
  if (query === undefined) return [];
  const called = `the view ${show(name)}`;
  if (query === null) unknown.push(called);
  const inside = [...through, called];
  return [...opened("relation", query?.reads ?? [], inside), ...opened("routine", query?.calls ?? [], inside)];
}

function throughRoutine({ name, through }: Open, doing: Doing | null, unknown: string[]): readonly Open[] {
  const called = `the function ${show(name)}`;
  if (doing === null || doing.unknown) unknown.push(called);
  if (doing === null) return [];
  const inside = [...through, called];
  const touched = [...doing.reads, ...doing.writes.map(({ relation }) => relation)];
  return [...opened("relation", touched, inside), ...opened("routine", doing.calls, inside)];
}

/** The tables among what is read, where views are what their queries read. */
export function tablesOf({ read }: Readings, stored: Stored): readonly RelationName[] {
  const isTable = (relation: RelationName) => findTable(stored.catalog, relation) !== null;
  const isView = (relation: RelationName) => viewQuery(relation, stored) !== undefined;
  // A word of a routine may be anything; what the statement names is something.
  return read.flatMap(({ relation, through }) =>
    isTable(relation) || (through.length === 0 && !isView(relation)) ? [relation] : [],
  );
}
