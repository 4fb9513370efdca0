import type { Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { CreateIndex } from "../../../model/operation.js";
import { findTable, type Phased, Refusal } from "../../engine.js";
import { sortedBy } from "../effects/index-facts.js";
import { type MysqlContext, ONLINE } from "./algorithms.js";
import { asConstraint, holdsEarly, isConstraint } from "./constraint/add-unique.js";
import { createIndexRefusal } from "./create-index-refusal.js";
import { alter, dropIndexIfThere } from "./ddl.js";
import { hasIndex, not, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import { addAgain, addWritten, asIndex, isHidden } from "./index-text.js";
import { withoutKeyIndexes } from "./key-index.js";
import { effectAlone, onlineWay } from "./online.js";
import { claimsOn, heirName, nameOf, refuseSplit, sameName, takesOver } from "./own-index.js";
import { nothing, tableOf } from "./subject.js";
import { stepWith } from "./written.js";

/**
 * The servers take away an index that they made for a foreign key themselves as soon as another one serves the key (MySQL
 * also when the key is gone), and then do not let that one go: an undo makes it again first.
 */
function displaced(operation: CreateIndex, name: string, table: Table, context: MysqlContext): string[] {
  const { dialect } = context;
  const made = sortedBy(asIndex(operation, name), dialect);
  const begins = (columns: readonly string[]) => columns.every((c, at) => sameName(made[at] ?? "", c));
  return table.indexes
    .filter((i) => !i.unique && sortedBy(i, dialect).length > 0 && begins(sortedBy(i, dialect)))
    .flatMap((i) => {
      const again = addAgain(i, i.name, isHidden(i, dialect), dialect);
      return again === null
        ? []
        : guarded(not(hasIndex(table.relation, i.name)), alter(table.relation, `${again}, ${ONLINE}`));
    });
}

/** What no rollback takes back beside writers, since the rows stand in its order. */
const leftBy = (name: string): string =>
  `A rollback leaves ${name}: it stands in for a primary key, and without it the table is copied while writes wait.`;

/** One that is to take another's name must be able to go before it does. @throws Refusal */
function refuseToStay(name: string, { relation }: CreateIndex): void {
  throw new Refusal(
    `${show(relation)} has no primary key, and the new ${name} would stand in for it: no rollback could take it back beside writers.`,
    `Write \`ADD PRIMARY KEY\` in an earlier migration, or give the new index another name.`,
  );
}

function reasonOf(name: string, wanted: string, rewrite: boolean, { relation }: CreateIndex): string {
  const where = show(relation);
  const how = rewrite
    ? `The table is written anew in its order, while ${where} is read and written: there is no primary key.`
    : `Built while ${where} is read and written.`;
  const later = sameName(name, wanted) ? "" : ` It takes the name ${wanted} in the swap.`;
  return `${how} Each replica builds it again, one after the other with what else it replays.${later}`;
}

/**
 * The build beside readers and writers. One that fails leaves nothing.
 *
 * @param table null where it is not known
 * @param name what it is called; another one than it will have where that one is still taken
 * @throws Refusal where writers wait
 */
export function plannedBuild(operation: CreateIndex, table: Table | null, name: string, context: MysqlContext): Phased {
  const relation = table?.relation ?? operation.relation;
  const effect = effectAlone(operation, context);
  const way = onlineWay(operation, context);
  if (way === null && !context.newTable) throw createIndexRefusal(operation, table, effect, context);
  const clause = way === null || context.newTable ? "" : `, ${way.clause}`;
  const wanted = operation.name ?? name;
  const stays = effect.rewrite && !context.newTable;
  if (stays && !sameName(name, wanted)) refuseToStay(wanted, { ...operation, relation });
  const again = table === null ? [] : displaced(operation, name, table, context);
  const step = stepWith(effect, context, {
    name: "create-index",
    sql: [alter(relation, `${addWritten(operation, name)}${clause}`)],
    undo: stays ? [] : [...again, ...dropIndexIfThere(relation, name, ONLINE)],
    probe: { sql: stateOf(hasIndex(relation, name)), repair: [], makes: `the index ${name} of ${show(relation)}` },
    reason: reasonOf(name, wanted, effect.rewrite, { ...operation, relation }),
  });
  const columns = operation.keys.flatMap((k) => k.column ?? []);
  const claims = sameName(name, wanted) || table === null ? [] : claimsOn(table, columns, `makes the index ${wanted}`);
  const note = "The build fails on duplicates, also on those that are written while it runs.";
  const leaves = stays ? { leaves: [leftBy(wanted)] } : {};
  return { steps: [step], retires: [], claims, gates: [], notes: operation.unique ? [note] : [], ...leaves };
}

/**
 * Built INPLACE with LOCK=NONE: the table is read and written meanwhile. Where the file drops an index of its name before,
 * it gets the name when that one goes.
 *
 * @throws Refusal
 */
export function createIndex(operation: CreateIndex, context: MysqlContext): Phased {
  const table = context.catalog.complete
    ? tableOf(operation.relation, context)
    : findTable(context.catalog, operation.relation);
  const name = nameOf(operation, table?.indexes ?? []);
  const existing = table?.indexes.find((i) => sameName(i.name, name));
  if (existing !== undefined && operation.ifNotExists)
    return nothing(`The index ${name} exists already: IF NOT EXISTS leaves it as it is: ${existing.definition}`);
  if (existing !== undefined)
    throw new Refusal(
      `There is an index ${name} on ${show(operation.relation)} already: ${existing.definition}`,
      "Choose another name, or drop this statement if the index was made by hand.",
    );
  if (table === null || !takesOver(table, name, operation, context)) {
    const planned = plannedBuild(operation, table, name, context);
    if (table === null) return planned;
    const made = isConstraint(operation, context) ? asConstraint(planned, operation, table, context) : planned;
    return withoutKeyIndexes(made, operation, table, context);
  }
  refuseSplit(context, name);
  const built = plannedBuild(operation, table, heirName(table, name, context), context);
  const heir: Phased = { ...built, takesOver: true };
  const made = isConstraint(operation, context) ? { ...heir, notes: [...heir.notes, holdsEarly(name)] } : heir;
  return withoutKeyIndexes(made, operation, table, context);
}
