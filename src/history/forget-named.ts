import type { Catalog, Table } from "../model/catalog.js";
import type { Known } from "./known.js";
import { allTables } from "./known-tables.js";
import { filtered, type PersistentMap, set, valuesOf } from "./persistent-map.js";
import { UNTOLD } from "./routine-names.js";
import { changed, forgetAll, forgetTable } from "./tables.js";
import { unknownRan } from "./unread-runs.js";
import { dropView } from "./views.js";

/** Something may have made tables whose names no file tells. */
const untold = (known: Known): Known => ({ ...known, complete: false, named: set(known.named, UNTOLD, true) });

/** Nothing is certain any more behind something of which nothing is told. */
export function forgetEverything(catalog: Catalog): Catalog {
  return changed(catalog, (known) => untold(forgetAll(known)));
}

/** Behind something that did, not known what, to tables, indexes and views of some names, in whatever schema. */
export function forgetNamed(catalog: Catalog, isMeant: (name: string) => boolean): Catalog {
  return changed(catalog, (known) => withoutNamed(known, isMeant));
}

/**
 * Behind something that was not understood, and that names what it is about: the rest stays as the files tell it, and
 * judgements of it say that they assume it.
 *
 * @param what ran, for a person
 */
export function forgetMeant(catalog: Catalog, isMeant: (name: string) => boolean, what: string): Catalog {
  return changed(catalog, (known) => {
    const left = withoutNamed(known, isMeant);
    const { types, sequences, routines, bodies, steady } = left;
    const others = {
      types: unmeant(types, isMeant),
      sequences: unmeant(sequences, isMeant),
      routines: unmeant(routines, isMeant),
      bodies: unmeant(bodies, isMeant),
      steady: unmeant(steady, isMeant),
    };
    return unknownRan({ ...left, ...others }, what);
  });
}

/** Keys end in the names themselves. */
const unmeant = <T>(map: PersistentMap<T>, isMeant: (name: string) => boolean): PersistentMap<T> =>
  filtered(map, (key) => !isMeant(key.slice(key.lastIndexOf("\0") + 1)));

function withoutNamed(known: Known, isMeant: (name: string) => boolean): Known {
  const touches = (table: Table) => [table.relation, ...table.indexes].some(({ name }) => isMeant(name));
  const views = valuesOf(known.views).filter(({ name }) => isMeant(name.name));
  const left = views.reduce((k, { name }) => dropView(k, name), untold(known));
  return allTables(known)
    .filter(touches)
    .reduce((k, { relation }) => forgetTable(k, relation), left);
}
