import { show } from "../../../../model/name.js";
import type { Claim, Side } from "../../../../model/plan.js";
import type { Phased } from "../../../engine.js";
import { losesData } from "../../effects/modify/outcome.js";
import { columnType, typeOf } from "../../effects/modify/type.js";
import { holdsAll } from "../../effects/modify/values.js";
import { namedIn } from "../../triggers/expression.js";
import { lentClaim } from "../lent-default.js";
import type { Modify } from "../modify/subject.js";
import { names } from "../subject.js";
import { backfillSteps } from "./backfill.js";
import { becomingNotNull } from "./becomes-not-null.js";
import { contractSteps, lendNew } from "./contract.js";
import { expandSteps } from "./expand.js";
import { pairOf } from "./pair.js";
import { refuseShadow, sharesOf } from "./refuse.js";
import { type Retype, retypeOf } from "./subject.js";

function notesOnValues(r: Retype): string[] {
  const { dialect } = r.context;
  const type = r.detail.definition.type;
  const back = holdsAll(typeOf(type, dialect), columnType(r.old, dialect)) && r.context.down === null;
  const rounded = r.context.up === null && losesData(r.detail.definition, r.old, r.context);
  return [
    ...(rounded ? [`Values of ${r.old.name} are rounded as ${type} rounds them.`] : []),
    ...(back
      ? []
      : [
          `From the swap on new code may write to ${r.old.name} what ${r.old.type} does not hold: a rollback then says in how many rows, and loses them only with --accept-loss.`,
        ]),
  ];
}

/** The server asks unique keys in their order: which one a row meets first decides which row an upsert changes. */
function notesOnUnique({ table, indexes }: Retype): string[] {
  const moved = indexes.find(({ index }) => index.unique)?.index;
  const other = table.indexes.find((i) => i.unique && i.name !== "PRIMARY" && i !== moved);
  if (moved === undefined || other === undefined) return [];
  return [
    `${moved.name} is made anew, and stands behind ${other.name} from the swap on, after a rollback too: where a new row meets both, INSERT ... ON DUPLICATE KEY UPDATE changes the row that the first of them finds, which may be another one than today.`,
  ];
}

function notesOf(r: Retype): string[] {
  const named = r.table.dependents.filter(names(r.old.name));
  return [
    `An INSERT into ${show(r.relation)} without a column list fails from expand until the parked column is dropped (error 1136), and SELECT * shows one column more.`,
    `Old and new code both write ${r.old.type} to ${r.old.name} until the swap, and ${r.detail.definition.type} after it: the new code must be ready for both.`,
    ...notesOnValues(r),
    ...notesOnUnique(r),
    ...named.map(
      (d) => `The ${d.kind.replace("-", " ")} ${d.name} names ${r.old.name}: it sees the new type from the swap on.`,
    ),
  ];
}

function claimsOf(r: Retype): Claim[] {
  const change = `changes the type of ${r.old.name}`;
  const own = [r.old.name, r.shadow, r.parked].map((name) => ({ relation: r.relation, name, change }));
  return lendNew(r).length === 0 ? own : [...own, lentClaim(r.relation, r.old.name)];
}

/** The other columns that `up` and `down` name. */
function readsOf({ context, relation, old }: Retype): Pick<Side, "reads"> {
  const texts = [context.up, context.down].flatMap((text) => text ?? []);
  const named = texts.flatMap((text) => [...namedIn(text, relation, context.dialect)]);
  const reads = [...new Set(named)].filter((name) => name.toLowerCase() !== old.name.toLowerCase());
  return reads.length === 0 ? {} : { reads };
}

/**
 * A change of type that the server makes only by copying: a second column of the new type, triggers by which it follows,
 * a backfill, an exchange of the two names, and a park.
 *
 * @throws Refusal
 */
export function changeType(m: Modify): Phased {
  refuseShadow(m);
  const { modify, counted, notes } = becomingNotNull(m);
  const r = retypeOf(modify);
  return {
    steps: [...expandSteps(r), ...counted, ...backfillSteps(r), ...contractSteps(r)],
    retires: [],
    sides: [
      {
        relation: r.relation,
        column: r.shadow,
        swapped: r.old.name,
        kept: r.old.name,
        parked: r.parked,
        ...readsOf(r),
      },
    ],
    claims: [...claimsOf(r), ...sharesOf(m)],
    gates: [],
    notes: [...notes, ...notesOf(r)],
    pairs: [pairOf(r) ?? []].flat(),
  };
}
