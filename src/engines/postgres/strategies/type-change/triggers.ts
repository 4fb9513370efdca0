import { quote } from "../../names.js";
import { deriveTrigger } from "../../triggers/derive.js";
import { differs, type TriggerSql } from "../../triggers/sync.js";
import { assigned, columnsNamed, converted, type SourceOf } from "./conversion.js";
import type { Retype } from "./subject.js";

const ofNew: SourceOf = (column) => `NEW.${quote(column)}`;

const watch = (r: Retype, reads: readonly string[], own: boolean) =>
  columnsNamed(r.table, reads).map(({ name, comparable }) => ({
    name,
    comparable: name === r.old.name ? own : comparable,
  }));

/** Until the swap: everybody writes the column as it is, and the shadow follows. */
export function shadowTrigger(r: Retype): TriggerSql {
  return deriveTrigger({
    relation: r.relation,
    hash: r.hash,
    target: r.to,
    value: assigned(r.forth, ofNew),
    watched: watch(r, r.forth.reads, r.old.comparable),
    fills: true,
    sure: r.forth.sure,
    unless: null,
    schema: r.context.catalog.defaultSchema,
  });
}

/** The parked column's value is not that of the column which has taken its name. */
export const lost = (r: Retype, sourceOf: SourceOf): string =>
  differs(
    converted(r.forth, (column) => sourceOf(column === r.old.name ? r.parked : column)),
    sourceOf(r.old.name),
    r.comparable,
  );

/** After the swap: the parked column follows, so that the swap can be taken back. */
export function parkedTrigger(r: Retype): TriggerSql {
  const unique = r.indexes.some((i) => i.unique);
  return deriveTrigger({
    relation: r.relation,
    hash: `${r.hash}_r`,
    target: r.parked,
    value: assigned(r.back, ofNew),
    watched: watch(r, r.back.reads, r.comparable),
    fills: false,
    sure: r.back.sure,
    // Two values may have one of the former type: a unique index over it would refuse the second.
    unless: unique && !r.back.sure ? lost(r, ofNew) : null,
    schema: r.context.catalog.defaultSchema,
  });
}
