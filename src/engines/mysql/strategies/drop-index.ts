import type { Table } from "../../../model/catalog.js";
import type { DropIndex } from "../../../model/detail/index-change.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Phased } from "../../engine.js";
import { notYet } from "../../strategies.js";
import { neededBy } from "../effects/index-facts.js";
import { quote } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { goingWith } from "./column-claims.js";
import { alter } from "./ddl.js";
import { refuseNeeded } from "./drop-index-refuse.js";
import { drop, exchange, type Going, hide, wayBackNote, wayOf } from "./drop-index-steps.js";
import { hasIndex, not, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import { addAgain, isHidden } from "./index-text.js";
import { effectAlone } from "./online.js";
import { otherTool } from "./osc.js";
import {
  claimsOn,
  type Heir,
  heirOf,
  indexOf,
  madeBehind,
  noSuchIndex,
  parkedName,
  refuseSplit,
  refuseTwice,
} from "./own-index.js";
import { nothing } from "./subject.js";
import { stepWith } from "./written.js";

/** One that the server made itself for a foreign key goes as soon as another one serves the key; nothing tells it from others. */
const mayVanish = ({ table, index, context }: Going): boolean =>
  !index.unique && neededBy(index, { ...table, indexes: [index], referencedBy: [] }, context).length > 0;

function notesOf(going: Going, heir: Heir | null): string[] {
  const { index, context } = going;
  const text = /\bFULLTEXT\b/i.test(index.definition) ? "; MATCH ... AGAINST fails without it (1191)" : "";
  const hints = `A query, or a view, that names ${index.name} in USE, FORCE or IGNORE INDEX fails from the swap on (error 1176)${text}.`;
  const unique = `Until the drop ${index.name} refuses duplicates, and ON DUPLICATE KEY UPDATE and REPLACE go by it.`;
  return [
    ...(heir === null && !isHidden(index, context.dialect) ? [hints] : []),
    ...(index.unique ? [unique] : []),
    wayBackNote(going),
  ];
}

/** On a table that no running code knows, as it is written. */
function atOnce({ operation, context, table, index }: Going): Phased {
  const again = addAgain(index, index.name, isHidden(index, context.dialect), context.dialect);
  const made = stepWith(effectAlone(operation, context), context, {
    name: "drop-index",
    sql: [alter(table.relation, `DROP INDEX ${quote(index.name)}`)],
    undo: again === null ? [] : guarded(not(hasIndex(table.relation, index.name)), alter(table.relation, again)),
    probe: { sql: stateOf(not(hasIndex(table.relation, index.name))), repair: [] },
    reason: "The table is new in this release, so no running code knows it: the change is made at once.",
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}

/** IF EXISTS, and there is none: what comes in its place takes the name. */
function absent(table: Table, name: string, heir: Heir | null, operation: OtherOperation, context: MysqlContext) {
  const none = nothing(`${show(table.relation)} has no index ${name}: IF EXISTS has nothing to do.`);
  const way = wayOf({ kind: "rename-index", from: name, to: name, ifExists: false }, { operation, context });
  if (heir === null || way === null) return none;
  const { relation } = table;
  const rename = (from: string, to: string) =>
    alter(relation, `RENAME INDEX ${quote(from)} TO ${quote(to)}, ${way.clause}`);
  const made = stepWith(way.effect, context, {
    phase: "contract",
    stage: "swap",
    name: "name",
    sql: [rename(heir.called, heir.name)],
    undo: guarded(not(hasIndex(relation, heir.called)), rename(heir.name, heir.called)),
    probe: { sql: stateOf(not(hasIndex(relation, heir.called))), repair: [] },
    reason: `The new index takes the name ${heir.name}.`,
  });
  return { ...none, steps: [made] };
}

/**
 * Steps that take an index away: hidden first, dropped later.
 *
 * @param heir what takes its name; null where nothing does
 * @throws Refusal
 */
export function retire(going: Going, heir: Heir | null): Phased {
  const { operation, context, table, index } = going;
  const gone = { schema: null, name: index.name };
  const way = wayOf({ kind: "drop-index", index: gone, ifExists: false, concurrently: false, cascade: false }, going);
  const exchanged = heir === null ? [] : exchange(going, heir, mayVanish(going));
  if (way === null || (heir !== null && exchanged.length === 0))
    throw otherTool(
      table,
      `Dropping ${index.name} copies the table while writes wait`,
      `DROP INDEX ${quote(index.name)}`,
      context,
    );
  if (heir !== null) refuseSplit(context, index.name);
  return {
    steps: [...exchanged, ...hide(going), drop(going, way)],
    retires: [],
    claims: goingWith(claimsOn(table, index.columns, `drops the index ${index.name}`)),
    gates: [],
    notes: notesOf({ ...going, operation }, heir),
  };
}

/**
 * DROP INDEX in two gated steps: no query uses it any more, which is taken back at once, and it is dropped later. Where the
 * file makes or renames another index of its name, that one takes the name in the swap.
 *
 * @throws Refusal while a foreign key, AUTO_INCREMENT or the order of the rows needs it
 */
export function dropIndex(detail: DropIndex, operation: OtherOperation, context: MysqlContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const { table, index } = indexOf(operation.relation, detail.index.name, context);
  refuseTwice(table, detail.index.name, operation, context);
  const heir = heirOf(table, detail.index.name, operation, context);
  if (index === null && detail.ifExists) return absent(table, detail.index.name, heir, operation, context);
  if (index === null) return noSuchIndex(table, detail.index.name);
  refuseNeeded(table, index, madeBehind(table, operation, context), context);
  const called = heir === null ? index.name : parkedName(table, index.name, context);
  const going: Going = { operation, context, table, index, called };
  return context.newTable ? atOnce(going) : retire(going, heir);
}
