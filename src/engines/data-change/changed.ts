import type { InboundReference, Table } from "../../model/catalog.js";
import { show } from "../../model/name.js";
import { findTable } from "../engine.js";
import type { Doing, Written } from "./doing.js";
import { aboveTable, familyOf } from "./family.js";
import { routinesNamed, type Stored, type StoredTrigger, triggersOn } from "./stored.js";

/** Rows that go, or are written, with those that a statement writes. */
export interface Changed extends Written {
  /** What changes them, in words: `the foreign key k`, `the trigger t`. */
  readonly by: string;
  /**
   * The foreign key that does, where it takes or empties nothing but rows that point at deleted ones; absent for everything else.
   */
  readonly reference?: InboundReference;
}

/** All that is written along with the rows of a statement. */
export interface AlongWith {
  readonly changed: readonly Changed[];
  /** Triggers, in words, that run SQL which cannot be told; and those whose text cannot be read. */
  readonly dynamic: readonly string[];
  readonly unreadable: readonly string[];
}

/** PostgreSQL's own trigger functions, and those of its well-known extensions, that write nothing but NEW. */
const OWN_ROW_ONLY: ReadonlySet<string> = new Set(
  `autoinc insert_username lo_manage moddatetime suppress_redundant_updates_trigger tsvector_update_trigger
  tsvector_update_trigger_column`.split(/\s+/),
);

const ACTION = /\bON (DELETE|UPDATE) (CASCADE|SET NULL|SET DEFAULT)\b/gi;

/** What a foreign key does with the rows that point at one which is deleted or gets another key. */
function actionOf(definition: string, event: "delete" | "update"): string | null {
  const found = [...definition.matchAll(ACTION)].find(([, on]) => on?.toLowerCase() === event);
  return found?.[2]?.toUpperCase() ?? null;
}

const meet = (a: readonly string[] | null, b: readonly string[]): boolean =>
  a === null || b.length === 0 || a.some((one) => b.some((other) => other.toLowerCase() === one.toLowerCase()));

/** What foreign keys do when rows of a table are written. */
function byKeys(table: Table, { verb, columns }: Written, isFirst: boolean, { catalog }: Stored): readonly Changed[] {
  if (verb === "insert") return [];
  const above = aboveTable(table.relation, catalog).flatMap((relation) => findTable(catalog, relation) ?? []);
  const references = [table, ...above].flatMap(({ referencedBy }) => referencedBy);
  return references.flatMap((reference): Changed[] => {
    if (verb === "update" && !meet(columns, reference.columns)) return [];
    const key = findTable(catalog, reference.relation)?.constraints.find((c) => c.name === reference.constraint);
    const action = actionOf(key?.definition ?? "", verb);
    if (key === undefined || action === null) return [];
    const goes = verb === "delete" && action === "CASCADE";
    return [
      {
        relation: reference.relation,
        verb: goes ? "delete" : "update",
        columns: goes ? null : key.columns,
        by: `the foreign key ${key.name}`,
        ...(isFirst && verb === "delete" && action !== "SET DEFAULT" ? { reference } : {}),
      },
    ];
  });
}

const fires = ({ shape }: StoredTrigger, { verb, columns }: Written): boolean =>
  shape === null || (shape.events.includes(verb) && (verb !== "update" || meet(columns, shape.columns)));

/** What a routine does, with all that it calls. */
function withCalled(doing: Doing, stored: Stored): Doing {
  const seen = new Set<string>();
  const all: Doing[] = [doing];
  for (const one of all)
    for (const name of one.calls) {
      if (seen.has(show(name))) continue;
      seen.add(show(name));
      for (const called of routinesNamed(name, stored))
        all.push(called ?? { reads: [], writes: [], calls: [], unknown: true });
    }
  return {
    reads: [],
    writes: all.flatMap(({ writes }) => writes),
    calls: [],
    unknown: all.some(({ unknown }) => unknown),
  };
}

/** What a trigger does; null where its text cannot be read. */
function doingOfTrigger({ own, calls }: StoredTrigger, stored: Stored): Doing | null {
  if (own !== null) return withCalled(own, stored);
  if (calls === undefined) return null;
  const routines = routinesNamed(calls, stored);
  if (routines.includes(null)) return null;
  const unknown = routines.length === 0 && !OWN_ROW_ONLY.has(calls.name);
  return withCalled({ reads: [], writes: [], calls: [calls], unknown }, stored);
}

interface Found {
  readonly changed: Changed[];
  readonly dynamic: string[];
  readonly unreadable: string[];
}

function byTriggers(table: Table, written: Written, stored: Stored, found: Found): readonly Changed[] {
  const { catalog } = stored;
  const others = familyOf(table.relation, catalog).flatMap((relation) => findTable(catalog, relation) ?? []);
  return [table, ...others].flatMap((one) =>
    triggersOn(one, stored).flatMap((trigger): readonly Changed[] => {
      if (!fires(trigger, written)) return [];
      const by = `the trigger ${trigger.name} of ${show(one.relation)}`;
      const doing = doingOfTrigger(trigger, stored);
      if (doing === null) found.unreadable.push(by);
      else if (doing.unknown) found.dynamic.push(by);
      return (doing?.writes ?? []).map((each) => ({ ...each, by }));
    }),
  );
}

const keyOf = ({ relation, verb, columns }: Written): string =>
  JSON.stringify([show(relation), verb, columns?.toSorted() ?? null]);

/** What foreign keys and triggers write along with the rows of a statement, and what those do in turn. */
export function alongWith(written: readonly Written[], stored: Stored): AlongWith {
  const found: Found = { changed: [], dynamic: [], unreadable: [] };
  const seen = new Set(written.map(keyOf));
  const next = written.map((each) => ({ each, isFirst: true }));
  for (const { each, isFirst } of next) {
    const table = findTable(stored.catalog, each.relation);
    if (table === null) continue;
    for (const more of [...byKeys(table, each, isFirst, stored), ...byTriggers(table, each, stored, found)]) {
      found.changed.push(more);
      if (seen.has(keyOf(more))) continue;
      seen.add(keyOf(more));
      next.push({ each: more, isFirst: false });
    }
  }
  return found;
}
