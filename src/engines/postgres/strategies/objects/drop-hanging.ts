import type { OtherOperation } from "../../../../model/operation.js";
import type { Phased, StrategyContext } from "../../../engine.js";
import { quote, quoteRelation } from "../../names.js";
import { stepOf } from "../written.js";
import { addressOf, type Named, objectsKnown, shownName, storedOf } from "./known.js";

/** As the gate `dependents` calls it; nothing where another table has one of that name, too. */
function gateNames({ object, name }: Named, { catalog }: StrategyContext): readonly string[] {
  const naming = catalog.tables.filter((t) => t.dependents.some((d) => d.kind === object && d.name === name.name));
  return naming.length === 1 && object !== "rule" ? [`${object} ${name.name}`] : [];
}

/** A trigger and a rule can be switched off before they go; a policy cannot. */
export function dropHanging(named: Named, operation: OtherOperation, context: StrategyContext): Phased {
  const before = storedOf(named, context);
  const { object, name, on } = named;
  const drop = `DROP ${addressOf(named)}`;
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
      sql: [drop],
      undo: before?.restore ?? [],
      reason: "Old code may have relied on the rows that it shows or hides.",
    });
    return { steps: [dropped], retires: [], gates: [], notes: note, drops };
  }
  const alter = (what: string) =>
    `ALTER TABLE ${quoteRelation(on)} ${what} ${object.toUpperCase()} ${quote(name.name)}`;
  // As it was: a trigger's last statement says when it fires.
  const firing = object === "trigger" ? before?.restore?.at(-1) : undefined;
  return {
    steps: [
      stepOf(operation, context, {
        ...common,
        name: "switch-off",
        stage: "swap",
        sql: [alter("DISABLE")],
        undo: [firing ?? alter("ENABLE")],
        reason: `The ${object} is switched off first: it is back at once when it is missed.`,
      }),
      stepOf(operation, context, {
        ...common,
        name: "drop",
        stage: "drop",
        sql: [drop],
        reason: `From here on the ${object} is gone.`,
      }),
    ],
    retires: [],
    gates: [],
    notes: note,
    drops,
  };
}
