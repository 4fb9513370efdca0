import type { Claim } from "../../../../model/plan.js";
import type { Step } from "../../../../model/step.js";
import type { Phased } from "../../../engine.js";
import { isUntold } from "../../triggers/values.js";
import { alter } from "../ddl.js";
import { isNotNull, not, stateOf } from "../facts.js";
import type { Online } from "../online.js";
import { stepWith } from "../written.js";
import { defaultBack, wayBack } from "./reverse.js";
import { changeText, type Modify } from "./subject.js";

/** Changes after which running code may fail, reads something else, or means another column without a list of columns. */
const isStrict = ({ changes }: Modify): boolean =>
  (["not-null", "display", "place", "visibility"] as const).some((change) => changes.has(change));

/** Everything but the rebuild for NULL and NOT NULL is a change of the catalog, which may be made twice. */
function probeOf({ changes, table, old }: Modify): Step["probe"] {
  const strict = isNotNull(table.relation, old.name);
  if (changes.has("not-null")) return { sql: stateOf(strict), repair: [] };
  return changes.has("null") ? { sql: stateOf(not(strict)), repair: [] } : null;
}

function reasonOf({ changes, old, detail }: Modify, { effect }: Online): string {
  const rewritten = effect.rewrite ? " The table is written anew beside its readers and writers, on replicas too." : "";
  if (changes.has("not-null")) return `From here on a write of NULL to ${old.name} fails.${rewritten}`;
  if (changes.has("null")) return `${old.name} may be NULL.${rewritten}`;
  if (changes.has("display"))
    return `No row is touched, but from here on ${old.name} is read, and by some drivers taken, for ${detail.definition.type}.`;
  if (effect.algorithm === "INSTANT")
    return `Only the catalog changes: no row is touched, and old code does not notice.`;
  return `Done in place while reads and writes go on.${rewritten}`;
}

/** The statement as it is written, and the server's word that nobody waits. */
export function inPlaceStep(m: Modify, way: Online): Step {
  const whole = wayBack(m);
  const part = whole === null ? defaultBack(m) : null;
  return stepWith(way.effect, m.context, {
    name: "modify",
    ...(isStrict(m) ? { phase: "contract", stage: "swap" } : {}),
    sql: [alter(m.table.relation, `${changeText(m)}, ${way.clause}`)],
    undo: whole ?? [part ?? []].flat(),
    ...(part === null ? {} : { undoLeaves: true }),
    probe: probeOf(m),
    reason: reasonOf(m, way),
  });
}

/** What other changes of the column must not meet meanwhile. */
export function claimsOf({ changes, table, old }: Modify): Claim[] {
  const claim = { relation: table.relation, name: old.name, change: `changes ${old.name}` };
  return [changes.has("type") || changes.has("characters") ? claim : { ...claim, keeps: true, defines: "whole" }];
}

function notesOf(m: Modify): string[] {
  const { changes, old } = m;
  const listed = /^\s*(?:enum|set)\b/i.test(old.type) && changes.has("type");
  return [
    ...(listed ? [`Write the new value of ${old.name} only when no code runs that does not know it.`] : []),
    ...(changes.has("null")
      ? [`Old code must be ready to read NULL in ${old.name} as soon as new code writes it.`]
      : []),
  ];
}

/** Why the definition that the column has now is not given back; null where it is. */
function keptAsChanged(m: Modify): string | null {
  const { old } = m;
  if (wayBack(m) !== null) return null;
  if (isUntold(old, m.context.dialect))
    return `the catalog does not show the default of ${old.type} as it would have to be written again. Take the change back by a MODIFY of your own.`;
  return `taking ${old.type} back would copy the table while writes wait.`;
}

function leftBy(m: Modify): string[] {
  const { changes, old } = m;
  const kept = keptAsChanged(m);
  return [
    ...(changes.has("null") ? [`A rollback leaves ${old.name} nullable while there is such a row.`] : []),
    ...(kept === null
      ? []
      : [
          `A rollback leaves ${old.name} as it is${defaultBack(m) === null ? "" : ", but for its default, which it gives back"}: ${kept}`,
        ]),
  ];
}

/** A change that the server makes while the table is read and written. */
export function inPlace(m: Modify, way: Online): Phased {
  const leaves = leftBy(m);
  return {
    steps: [inPlaceStep(m, way)],
    retires: [],
    claims: claimsOf(m),
    gates: [],
    notes: notesOf(m),
    ...(leaves.length === 0 ? {} : { leaves }),
  };
}
