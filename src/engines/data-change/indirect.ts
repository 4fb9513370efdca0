import type { Table } from "../../model/catalog.js";
import type { Bound } from "../../model/detail/bound.js";
import type { DataChange, Walk } from "../../model/detail/data.js";
import { type RelationName, show } from "../../model/name.js";
import { findTable } from "../engine.js";
import { type AlongWith, alongWith, type Changed } from "./changed.js";
import { writtenBy } from "./doing.js";
import { hasRowsOf } from "./family.js";
import type { Obstacle } from "./obstacle.js";
import type { Reading, Readings } from "./reading.js";
import { mayBeSame, type Stored } from "./stored.js";

const DEPENDS = "what becomes of a row depends on rows that other batches have changed";

/** What to write instead of a statement that reads what its own batches change. */
export const KEYS_FIRST =
  "Write the keys of the rows and their new values into a table of its own first, in an earlier migration, and read that one here.";

const BY_HAND = "Run it by hand, as one statement, in a quiet hour.";

const because = (what: string): string => `${what}: ${DEPENDS}`;

/** A statement that goes over rows, with all that it does and reads. */
interface Going {
  readonly detail: DataChange;
  readonly walk: Walk;
  readonly readings: Readings;
  readonly along: AlongWith;
  readonly stored: Stored;
}

/**
 * Why no batch leaves alone what decides about later ones: what the statement reads through views, functions, partitions, or what
 * foreign keys and triggers write along with its rows. Null where all batches together do what the one statement does.
 */
export function readsChanged(detail: DataChange, walk: Walk, readings: Readings, stored: Stored): Obstacle | null {
  const along = alongWith(writtenBy(detail), stored);
  const going: Going = { detail, walk, readings, along, stored };
  return ofWritten(going) ?? ofUnknown(going) ?? ofAlong(going) ?? ofOwnRows(going);
}

const throughWords = ({ through }: Reading): string =>
  through.length === 0 ? "" : ` through ${through.join(" and ")}`;

/** What is read is what is written, under another name. */
function ofWritten({ detail, walk, readings, stored }: Going): Obstacle | null {
  const walked = detail.verb === "insert" ? [{ relation: walk.relation, through: [] }] : [];
  for (const written of detail.writes) {
    const reading = [...walked, ...readings.read].find(({ relation }) => hasRowsOf(relation, written, stored.catalog));
    if (reading === undefined) continue;
    const what = reading.through.length > 0 ? written : reading.relation;
    const same = mayBeSame(what, written, stored.catalog);
    const shares = same ? "which it writes" : `which has rows in common with ${show(written)}, which it writes`;
    return [because(`it reads ${show(what)}${throughWords(reading)}, ${shares}`), KEYS_FIRST];
  }
  return null;
}

/** What nobody can tell of. */
function ofUnknown({ readings, along }: Going): Obstacle | null {
  const [reads] = readings.unknown;
  if (reads !== undefined)
    return [
      `what ${reads} reads is not known: if it is what this writes, ${DEPENDS}`,
      "Write what it computes in its place; or write its values into a table of its own first, in an earlier migration, and read that one here.",
    ];
  const [hidden] = along.unreadable;
  if (hidden !== undefined)
    return [
      `the text of ${hidden} cannot be read: if it writes what decides about other rows, ${DEPENDS}`,
      "Let the user of `zmigrate apply` read it (MySQL, MariaDB: the TRIGGER privilege), or run this by hand.",
    ];
  const [writes] = along.dynamic;
  const [read] = readings.read;
  if (writes === undefined || read === undefined) return null;
  return [
    `what ${writes} writes is not known: if it is ${show(read.relation)}, which this reads, ${DEPENDS}`,
    KEYS_FIRST,
  ];
}

const DONE: Readonly<Record<Changed["verb"], string>> = Object.freeze({
  insert: "adds rows to",
  update: "writes rows of",
  delete: "deletes rows of",
});

/** What foreign keys and triggers write is read. */
function ofAlong(going: Going): Obstacle | null {
  const { readings, along, stored } = going;
  for (const changed of along.changed) {
    const reading = readings.read.find(({ relation }) => hasRowsOf(relation, changed.relation, stored.catalog));
    if (reading === undefined || findsOwnRowsOnly(reading, changed, going)) continue;
    const what = `it reads ${show(reading.relation)}${throughWords(reading)}, and ${changed.by} ${DONE[changed.verb]} ${show(changed.relation)} with those that it ${VERBS[going.detail.verb]}`;
    return [because(what), KEYS_FIRST];
  }
  return null;
}

const VERBS: Readonly<Record<DataChange["verb"], string>> = Object.freeze({
  insert: "inserts",
  replace: "replaces",
  update: "updates",
  delete: "deletes",
  merge: "merges",
  load: "loads",
});

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Whether the rows that are read are found by the very key that changes them: what points at one row decides about no other.
 * `DELETE FROM users WHERE NOT EXISTS (SELECT 1 FROM orders WHERE orders.user_id = users.id)`
 */
function findsOwnRowsOnly(reading: Reading, changed: Changed, { detail, walk, along, stored }: Going): boolean {
  const { reference } = changed;
  const { catalog } = stored;
  if (reference === undefined || reading.through.length > 0 || detail.found === undefined) return false;
  const isIt = (relation: RelationName) => mayBeSame(relation, reading.relation, catalog);
  if (along.changed.some((other) => other !== changed && hasRowsOf(reading.relation, other.relation, catalog)))
    return false;
  const key = findTable(catalog, reference.relation)?.constraints.find((c) => c.name === reference.constraint);
  const lookups = detail.found.filter(({ relation }) => isIt(relation));
  const binds = (bounds: readonly Bound[], at: number): boolean =>
    bounds.some((bound) => isPair(bound, key?.columns[at] ?? "", reference.columns[at] ?? "", walk.alias));
  return lookups.length > 0 && lookups.every(({ bounds }) => reference.columns.every((_, at) => binds(bounds, at)));
}

/** `orders.user_id = users.id`, either way round. */
function isPair(bound: Bound, from: string, to: string, alias: string): boolean {
  if (bound.kind !== "is" || bound.values.length !== 1) return false;
  const [value] = bound.values;
  if (value?.kind !== "name") return false;
  const pairs = [
    [bound.column, value.of],
    [value.of, bound.column],
  ] as const;
  return pairs.some(
    ([one, other]) =>
      sameName(one.name, from) &&
      one.table !== alias &&
      sameName(other.name, to) &&
      other.table !== null &&
      sameName(other.table, alias),
  );
}

/** The rows themselves that other batches come to are written, in a way that decides about them. */
function ofOwnRows({ detail, walk, along, stored }: Going): Obstacle | null {
  const table = findTable(stored.catalog, walk.relation);
  for (const changed of along.changed) {
    if (!hasRowsOf(changed.relation, walk.relation, stored.catalog)) continue;
    const rows = show(walk.relation);
    const what = `${changed.by} ${DONE[changed.verb]} ${rows}, which other batches come to`;
    if (changed.verb === "insert" || (changed.verb === "delete" && detail.verb !== "delete"))
      return [because(what), BY_HAND];
    const named = changed.verb === "update" ? namedAmong(changed.columns, walk, table, stored) : null;
    if (named !== null) return [because(`it names ${named}, and ${what}`), KEYS_FIRST];
  }
  return null;
}

/** Which of the written columns, or of those that are computed from them, a statement names; null for none. */
function namedAmong(
  written: readonly string[] | null,
  { names, alias }: Walk,
  table: Table | null,
  { catalog }: Stored,
): string | null {
  // PostgreSQL calls a whole row by its table.
  const all = names.some((name) => name === "*" || (catalog.dialect === undefined && name === alias));
  if (written === null || all) return written?.join(", ") ?? "columns";
  const generated = (table?.columns ?? []).filter(({ generated: by }) =>
    written.some((column) => by?.expression.toLowerCase().includes(column.toLowerCase()) === true),
  );
  const changing = [...written, ...generated.map(({ name }) => name)];
  return changing.find((column) => names.some((name) => sameName(name, column))) ?? null;
}
