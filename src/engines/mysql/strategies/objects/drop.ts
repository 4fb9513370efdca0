import type { DropObject } from "../../../../model/detail/object.js";
import type { RelationName } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal } from "../../../engine.js";
import { generatedName, quoteRelation, shortHash } from "../../names.js";
import type { MysqlContext } from "../algorithms.js";
import { all, hasTable, not, stateOf } from "../facts.js";
import { guarded } from "../guarded.js";
import { beside } from "../in-file.js";
import { nothing } from "../subject.js";
import { stepOf } from "../written.js";
import { gone, type Made, madeHere } from "./create.js";
import { formerOf } from "./former.js";
import { isAbout, storedOf } from "./known.js";

/**
 * DROP of what is no table, in contract: a view and a sequence are parked by a rename, the others come back as the
 * server printed them.
 *
 * @throws Refusal
 */
export function dropObject(detail: DropObject, operation: OtherOperation, context: MysqlContext): Phased {
  const { object, name } = madeHere(detail.object, detail.name);
  const stored = storedOf(object, name, context);
  const absent = context.catalog.objects !== undefined && (stored === null || stored.gone === true);
  if (absent && detail.ifExists) return nothing(`There is no ${object} ${name.name}: IF EXISTS has nothing to do.`);
  if (absent) throw new Refusal(`There is no ${object} ${name.name}.`, "Correct the name, or drop this statement.");
  if (context.newObject === true) return plainly(object, name, formerOf(stored, context), operation, context);
  if (beside(operation, context, "behind").some(isAbout("create-object", object, name)))
    return nothing(`The ${object} ${name.name} gives way to the one that this file makes, in the same moment.`);
  if (object === "view" || object === "sequence") return park(object, name, operation, context);
  return atOnce(object, name, formerOf(stored, context), operation, context);
}

/** What no running code knows: it is dropped where the file says. */
function plainly(
  object: Made,
  name: RelationName,
  restore: readonly string[] | null,
  operation: OtherOperation,
  context: MysqlContext,
): Phased {
  const dropped = stepOf(operation, context, {
    name: "drop",
    final: restore === null,
    sql: [`DROP ${object.toUpperCase()} IF EXISTS ${quoteRelation(name)}`],
    undo: restore ?? [],
    probe: gone(object, name),
    reason: "It is new in this release, so no running code knows it: it is dropped at once.",
  });
  return { steps: [dropped], retires: [], gates: [], notes: [] };
}

function atOnce(
  object: Made,
  name: RelationName,
  restore: readonly string[] | null,
  operation: OtherOperation,
  context: MysqlContext,
): Phased {
  const dropped = stepOf(operation, context, {
    name: "drop",
    phase: "contract",
    stage: restore === null ? "drop" : "swap",
    sql: [`DROP ${object.toUpperCase()} IF EXISTS ${quoteRelation(name)}`],
    undo: restore ?? [],
    probe: gone(object, name),
    reason: "Nobody uses it any more. The undo makes it again as the server printed it.",
  });
  const note = `How the ${object} ${name.name} is cannot be read: nothing brings it back.`;
  return {
    steps: [dropped],
    retires: [],
    gates: [],
    notes: restore === null ? [note] : [],
    drops: [`${object} ${name.name}`],
  };
}

function park(
  object: "view" | "sequence",
  name: RelationName,
  operation: OtherOperation,
  context: MysqlContext,
): Phased {
  const hash = shortHash(context.migrationId, name.schema ?? "", name.name);
  const parked = { schema: name.schema, name: generatedName("zmigrate_dropped", name.name, hash) };
  const rename = (from: RelationName, to: RelationName) =>
    `RENAME TABLE ${quoteRelation(from)} TO ${quoteRelation(to)}`;
  const parking = stepOf(operation, context, {
    name: "park",
    phase: "contract",
    stage: "swap",
    sql: [rename(name, parked)],
    undo: guarded(all(hasTable(parked), not(hasTable(name))), rename(parked, name)),
    probe: { sql: stateOf(hasTable(parked)), repair: [] },
    reason: `${name.name} is parked as ${parked.name}: nothing is lost yet, and a rename brings it back.`,
  });
  const drop = stepOf(operation, context, {
    name: "drop",
    phase: "contract",
    stage: "drop",
    sql: [`DROP ${object.toUpperCase()} IF EXISTS ${quoteRelation(parked)}`],
    probe: { sql: stateOf(not(hasTable(parked))), repair: [] },
    reason: `From here on ${name.name} is gone.`,
  });
  return {
    steps: [parking, drop],
    retires: [],
    gates: [],
    notes: [],
    retiredTables: [{ relation: name, parked: parked.name, replacement: null }],
    drops: [`view ${name.name}`],
  };
}
