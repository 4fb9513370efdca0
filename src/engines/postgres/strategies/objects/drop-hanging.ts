import type { RelationName } from "../../../../model/name.js";
import type { Operation, OtherOperation } from "../../../../model/operation.js";
import { type Phased, type StrategyContext, sameRelation } from "../../../engine.js";
import { quote, quoteRelation } from "../../names.js";
import { stepOf } from "../written.js";
import { beside } from "./in-file.js";
import { addressOf, type Named, objectsKnown, shownName, storedOf } from "./known.js";

/** As the gate `dependents` calls it; nothing where another table has a policy or trigger of that name, too. */
function gateNames({ object, name, on }: Named, { catalog }: StrategyContext): readonly string[] {
  // A rule is called by its table, too.
  if (object === "rule" && on !== null)
    return [on.name, quote(on.name), ...wholeNames(on)].map((t) => `rule ${name.name} on ${t}`);
  const naming = catalog.tables.filter((t) => t.dependents.some((d) => d.kind === object && d.name === name.name));
  return naming.length === 1 ? [`${object} ${name.name}`] : [];
}

const wholeNames = (relation: RelationName): readonly string[] => [
  `${relation.schema}.${relation.name}`,
  quoteRelation(relation),
];

/** What a table is called behind an operation; null where that drops it. */
function nameBehind(table: RelationName, operation: Operation, context: StrategyContext): RelationName | null {
  const { defaultSchema } = context.catalog;
  if (operation.kind !== "other" || operation.relation === null) return table;
  if (!sameRelation(operation.relation, table, defaultSchema)) return table;
  const { detail } = operation;
  if (detail?.kind === "drop-table") return null;
  return detail?.kind === "rename-table" ? { schema: detail.to.schema ?? table.schema, name: detail.to.name } : table;
}

/** What the table is called when all of the file is swapped; null where it is parked, and what hangs on it goes with it. */
function nameSwapped(on: RelationName, operation: OtherOperation, context: StrategyContext): RelationName | null {
  return beside(operation, context, "behind").reduce<RelationName | null>(
    (table, later) => (table === null ? null : nameBehind(table, later, context)),
    on,
  );
}

/** A trigger and a rule can be switched off before they go; a policy cannot. */
export function dropHanging(named: Named, operation: OtherOperation, context: StrategyContext): Phased {
  const before = storedOf(named, context);
  const { object, name, on } = named;
  const common = { phase: "contract" } as const;
  const drops = gateNames(named, context);
  const note = objectsKnown(context)
    ? []
    : [`How the ${object} ${shownName(named)} is, the files do not tell: with --database-url its undo is in the plan.`];
  if (object === "policy" || on === null) {
    const dropped = stepOf(operation, context, {
      ...common,
      name: "drop",
      stage: before?.restore == null ? "drop" : "swap",
      sql: [`DROP ${addressOf(named)}`],
      undo: before?.restore ?? [],
      reason: "Old code may have relied on the rows that it shows or hides.",
    });
    return { steps: [dropped], retires: [], gates: [], notes: note, drops };
  }
  const alter = (what: string) =>
    `ALTER TABLE ${quoteRelation(on)} ${what} ${object.toUpperCase()} ${quote(name.name)}`;
  // As it was: a trigger's last statement says when it fires.
  const firing = object === "trigger" ? before?.restore?.at(-1) : undefined;
  const switchOff = stepOf(operation, context, {
    ...common,
    name: "switch-off",
    stage: "swap",
    sql: [alter("DISABLE")],
    undo: [firing ?? alter("ENABLE")],
    reason: `The ${object} is switched off first: it is back at once when it is missed.`,
  });
  const swapped = nameSwapped(on, operation, context);
  const dropped =
    swapped === null
      ? []
      : [
          stepOf(operation, context, {
            ...common,
            name: "drop",
            stage: "drop",
            sql: [`DROP ${addressOf({ ...named, on: swapped })}`],
            reason: `From here on the ${object} is gone.`,
          }),
        ];
  return {
    steps: [switchOff, ...dropped],
    retires: [],
    gates: [],
    notes: swapped === null ? [...note, `The ${object} ${shownName(named)} is dropped with its table.`] : note,
    drops,
  };
}
