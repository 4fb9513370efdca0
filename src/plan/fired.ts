import { sameRelation } from "../engines/engine.js";
import type { Catalog, StoredObject } from "../model/catalog.js";
import { type RelationName, show } from "../model/name.js";
import type { Step } from "../model/step.js";

/** What the servers print of a trigger's head: `TRIGGER t BEFORE INSERT OR UPDATE OF a ON`. */
const HEAD = /\bTRIGGER\b.*?\b(?:BEFORE|AFTER)\s+(.+?)\s+ON\s/is;

/** A batch writes new columns, so that one which waits for named columns is left alone. What cannot be read may fire. */
function firesOnUpdate({ restore }: StoredObject): boolean {
  const events = restore?.map((sql) => HEAD.exec(sql)?.[1]).find((found) => found !== undefined);
  if (restore?.some((sql) => /\bDISABLE TRIGGER\b/.test(sql)) === true) return false;
  return events === undefined || /\bUPDATE\b(?!\s+OF\b)/i.test(events);
}

function firedOn(relation: RelationName, { objects, defaultSchema }: Catalog): readonly string[] {
  const own = (o: StoredObject) => o.on !== null && sameRelation(o.on, relation, defaultSchema);
  return (objects ?? [])
    .filter((o) => o.object === "trigger" && o.gone !== true && own(o) && firesOnUpdate(o))
    .map((o) => o.name.name);
}

/** The application's triggers that backfills fire for rows that nobody has changed: a note for each table. */
export function notesOnFired(steps: readonly Step[], catalog: Catalog): readonly string[] {
  const filled = steps.flatMap(({ phase, backfill }) =>
    phase === "backfill" && backfill !== null && backfill.statement === undefined ? [backfill.relation] : [],
  );
  return filled.flatMap((relation) => {
    const fired = firedOn(relation, catalog);
    return fired.length === 0
      ? []
      : [`The backfill's updates fire the triggers of ${show(relation)}: ${fired.join(", ")}.`];
  });
}
