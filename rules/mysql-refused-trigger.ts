import { findTable } from "../src/engines/engine.js";
import { isSameTrigger, isTriggerElsewhere } from "../src/engines/stored-code.js";
import type { Catalog, Dependent, Table } from "../src/model/catalog.js";
import type { CreateObject, TriggerShape } from "../src/model/detail/object.js";
import type { RelationName } from "../src/model/name.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine">;

/** Why MySQL and MariaDB refuse a trigger for another one that is elsewhere, or that is not there; null where they do not for certain. */
export function refusedTriggerName(asked: Asked): Missing | null {
  const { operation, engine } = asked;
  const made = detailOf(operation, "create-object");
  if (engine.name === "postgres" || made === null || operation.relation === null) return null;
  if (made.trigger === null || made.name === null) return null;
  return (
    onOther(made, made.name, operation.relation, asked) ?? besideNone(made, made.trigger, operation.relation, asked)
  );
}

/** OR REPLACE and IF NOT EXISTS find the one of the name on another table. */
function onOther(
  { orReplace, ifNotExists }: CreateObject,
  name: RelationName,
  table: RelationName,
  { catalog, engine }: Asked,
): Missing | null {
  // MariaDB's IF NOT EXISTS leaves the other one, and makes none.
  const isLookedFor = orReplace || (ifNotExists && engine.name === "mysql");
  if (!isLookedFor || !isTriggerElsewhere(name, table, catalog)) return null;
  const words = orReplace ? "OR REPLACE" : "IF NOT EXISTS";
  return {
    what: `trigger ${engine.quote(name.name)} is on another table, where ${words} does not look for it (${orReplace ? 1360 : 4100})`,
    help: "Give the new one another name; or drop the other one first.",
  };
}

/** FOLLOWS and PRECEDES name a trigger of the same table, time and event. */
function besideNone(
  { ifNotExists, name }: CreateObject,
  { beside, ...shape }: TriggerShape,
  relation: RelationName,
  { catalog, engine }: Asked,
): Missing | null {
  if (beside === undefined) return null;
  const table = findTable(catalog, relation);
  const mysql = engine.name === "mysql";
  if (mysql && ifNotExists && name !== null && table !== null && triggersOf(table, name.name, catalog).length > 0)
    return null;
  const isThere = table === null ? mayBeOn(beside, relation, catalog) : isBeside(table, beside, shape, catalog);
  if (isThere) return null;
  return {
    what: `${engine.quoteRelation(relation)} has no trigger ${engine.quote(beside)} of the same time and event (${mysql ? 3011 : 4031})`,
    help: "Name a trigger of the same table that runs at the same time; or leave FOLLOWS or PRECEDES out.",
  };
}

const triggersOf = ({ dependents }: Table, name: string, catalog: Catalog): readonly Dependent[] =>
  dependents.filter((d) => d.kind === "trigger" && isSameTrigger(d.name, name, catalog));

/** Of a table that no file made, a trigger is known only where another one has it. */
const mayBeOn = (name: string, table: RelationName, catalog: Catalog): boolean =>
  !isTriggerElsewhere({ schema: table.schema, name }, table, catalog);

/** Of several events one that is met is enough. */
const isBeside = (table: Table, name: string, { timing, events }: TriggerShape, catalog: Catalog): boolean =>
  triggersOf(table, name, catalog).some(
    ({ trigger }) =>
      trigger === undefined || (trigger.timing === timing && trigger.events.some((event) => events.includes(event))),
  );
