import type { Catalog, Table } from "../model/catalog.js";
import { allTables, type Known, UNTOLD } from "./known.js";
import { set, valuesOf } from "./persistent-map.js";
import { afterSession } from "./replay.js";
import { changed, forgetAll, forgetTable } from "./tables.js";
import { dropView } from "./views.js";

/** Something may have made tables whose names no file tells. */
const untold = (known: Known): Known => ({ ...known, complete: false, named: set(known.named, UNTOLD, true) });

/** Nothing is certain any more behind a session of which nothing is told. */
export function forgetEverything(catalog: Catalog): Catalog {
  return changed(afterSession(catalog), (known) => untold(forgetAll(known)));
}

/** Behind a session that did something, not known what, to tables, indexes and views of some names, in whatever schema. */
export function forgetNamed(catalog: Catalog, isMeant: (name: string) => boolean): Catalog {
  const touches = (table: Table) => [table.relation, ...table.indexes].some(({ name }) => isMeant(name));
  return changed(afterSession(catalog), (known) => {
    const views = valuesOf(known.views).filter(({ name }) => isMeant(name.name));
    const left = views.reduce((k, { name }) => dropView(k, name), untold(known));
    return allTables(known)
      .filter(touches)
      .reduce((k, { relation }) => forgetTable(k, relation), left);
  });
}
