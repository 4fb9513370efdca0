import type { Step } from "../../../../model/step.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { literal, quote, quoteRelation } from "../../names.js";
import { sharesDefault, syncTrigger } from "../../triggers/sync.js";
import { writersKept, writersTrigger } from "../../triggers/writers.js";
import { id, pairOf, type Rename, writersOf } from "./subject.js";

export function addColumn(r: Rename): Step {
  const table = quoteRelation(r.relation);
  const column = quote(r.to);
  const collate = r.old.collation === null ? "" : ` COLLATE ${r.old.collation}`;
  const fill = (template: string) => template.replace("%column%", () => column).replace("%table%", () => table);
  return step({
    id: id(r, "add-column"),
    phase: "expand",
    kind: "ddl",
    sql: [
      `ALTER TABLE ${table} ADD COLUMN ${column} ${r.old.type}${collate}`,
      ...r.old.settings.map((s) => `ALTER TABLE ${table} ALTER COLUMN ${column} ${s}`),
      ...(r.old.comment === null ? [] : [`COMMENT ON COLUMN ${table}.${column} IS ${literal(r.old.comment)}`]),
      ...r.old.grants.map(fill),
    ],
    undo: [
      `LOCK TABLE ONLY ${table} IN ACCESS EXCLUSIVE MODE`,
      ...syncTrigger(pairOf(r)).drop,
      `ALTER TABLE ${table} DROP COLUMN IF EXISTS ${column}`,
    ],
    locks: [locks.alterTable(r.relation)],
    reason: `The new column stands beside ${r.old.name}: nullable and without a default, so nothing is rewritten and old code does not notice.`,
  });
}

export function addTrigger(r: Rename): Step {
  const sync = syncTrigger(pairOf(r));
  const shared = sharesDefault(r.old)
    ? [`ALTER TABLE ${quoteRelation(r.relation)} ALTER COLUMN ${quote(r.to)} SET DEFAULT ${r.old.default}`]
    : [];
  return step({
    id: id(r, "sync-trigger"),
    phase: "expand",
    kind: "ddl",
    sql: [...shared, ...sync.create],
    // Taken back together with the column: without the trigger a client could still write the new side alone.
    undo: [],
    locks: [shared.length > 0 ? locks.alterTable(r.relation) : locks.createTrigger(r.relation)],
    reason: `Old code writes ${r.old.name}, new code writes ${r.to}: the trigger keeps the other side equal, whoever writes.`,
  });
}

/** For the gate `old-writers`. */
export function watchWriters(r: Rename): Step[] {
  const writes = writersOf(r);
  if (writes === null) return [];
  const [kept, trigger] = [writersKept(r.hash), writersTrigger(writes)];
  return [
    step({
      id: id(r, "watch-writers"),
      phase: "expand",
      kind: "ddl",
      sql: [...kept.create, ...trigger.create],
      undo: [`LOCK TABLE ONLY ${quoteRelation(r.relation)} IN ACCESS EXCLUSIVE MODE`, ...trigger.drop, ...kept.drop],
      locks: [locks.createTrigger(r.relation)],
      reason: `Notes every few seconds who writes ${r.old.name} and not ${r.to}: the swap waits until nobody has for a while.`,
    }),
  ];
}
