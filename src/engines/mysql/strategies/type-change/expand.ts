import type { Step } from "../../../../model/step.js";
import { quote } from "../../names.js";
import { deriveTriggers } from "../../triggers/derive.js";
import { INSTANT, undoing } from "../algorithms.js";
import { alter, createTrigger, ddl, dropColumnIfThere } from "../ddl.js";
import { hasColumn, stateOf } from "../facts.js";
import * as locks from "../locks.js";
import { placeText, stepId } from "../modify/subject.js";
import { type Retype, upInTrigger } from "./subject.js";

/** Keeps the shadow what the column makes of it. */
export const shadowTriggers = (r: Retype) =>
  deriveTriggers({
    relation: r.relation,
    column: r.shadow,
    type: r.detail.definition.type,
    value: upInTrigger(r),
    otherwise: r.lent,
    hash: r.hash,
    name: "derive",
    of: null,
  });

function shadowDefinition({ detail, lent }: Retype): string {
  const { type, characterSet, collation } = detail.definition;
  return [
    type,
    ...(characterSet === null ? [] : [`CHARACTER SET ${characterSet}`]),
    ...(collation === null ? [] : [`COLLATE ${collation}`]),
    lent === null ? "NULL" : `NOT NULL DEFAULT ${lent}`,
  ].join(" ");
}

function addShadow(r: Retype): Step {
  const { relation, shadow, old, detail, context } = r;
  const place = placeText(detail.position ?? { after: old.name });
  return ddl({
    id: stepId(r, "add-shadow"),
    phase: "expand",
    sql: [alter(relation, `ADD COLUMN ${quote(shadow)} ${shadowDefinition(r)}${place}, ${INSTANT}`)],
    undo: dropColumnIfThere(relation, shadow, undoing(context.version, context.dialect)),
    probe: { sql: stateOf(hasColumn(relation, shadow)), repair: [] },
    locks: [locks.brief(relation)],
    reason: `A second column of the type ${detail.definition.type}, at the place that ${old.name} has: no row is touched, and no code names it.`,
  });
}

/** Whoever writes, writes the old type under the old name until the swap, so that the shadow follows and is never followed. */
export function expandSteps(r: Retype): Step[] {
  const [onInsert, onUpdate] = shadowTriggers(r);
  const trigger = (name: string, made: typeof onInsert, which: string) =>
    createTrigger(
      stepId(r, name),
      r.relation,
      made,
      `${which} rows: the shadow holds what ${r.old.name} is in the new type. A value that does not fit fails no writer; the verification finds it.`,
    );
  return [addShadow(r), trigger("derive-update", onUpdate, "Changed"), trigger("derive-insert", onInsert, "New")];
}
