import { findTable, sameRelation } from "../src/engines/engine.js";
import { isTriggerElsewhere } from "../src/engines/stored-code.js";
import { implyAll } from "../src/engines/view-condition.js";
import type { Dependent } from "../src/model/catalog.js";
import type { CreateObject, TriggerShape } from "../src/model/detail/object.js";
import type { PolicyShape } from "../src/model/detail/policy.js";
import type { Operation } from "../src/model/operation.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "laterOn">;

/** What hangs on a table, and is named behind it. */
const HANGING: ReadonlySet<string> = new Set(["trigger", "rule", "policy"]);

/**
 * What the same transaction makes in the place of what an operation drops, or null. Its lock on the table is held until
 * then: nobody reads or writes a row in between.
 */
export function replacementOf({ operation, catalog, laterOn }: Asked): CreateObject | null {
  const dropped = detailOf(operation, "drop-object");
  if (dropped === null || dropped.name === null || !HANGING.has(dropped.object)) return null;
  const { name } = dropped.name;
  const made = laterOn(name).filter((later) => isOnSameTable(operation, later, catalog.defaultSchema));
  return made.map((later) => detailOf(later, "create-object")).find((c) => c?.object === dropped.object) ?? null;
}

function isOnSameTable(a: Operation, b: Operation, defaultSchema: string | null): boolean {
  return a.relation !== null && b.relation !== null && sameRelation(a.relation, b.relation, defaultSchema);
}

/** What is dropped, as the history has it; null where it has none of the name, undefined where the table is not known. */
export function droppedOf({
  operation,
  catalog,
}: Pick<RuleContext, "operation" | "catalog">): Dependent | null | undefined {
  const dropped = detailOf(operation, "drop-object");
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (dropped === null || table === null || !HANGING.has(dropped.object)) return undefined;
  return table.dependents.find((d) => d.kind === dropped.object && d.name === dropped.name?.name) ?? null;
}

/** Whether a trigger fires wherever another one did, and as early. */
export function firesAsOften(now: TriggerShape, before: TriggerShape): boolean {
  const columns =
    now.columns.length === 0 || (before.columns.length > 0 && before.columns.every((c) => now.columns.includes(c)));
  const alike = now.timing === before.timing && now.eachRow === before.eachRow;
  const rows = implyAll(before.when?.conditions ?? [], now.when?.conditions ?? []);
  return alike && before.events.every((e) => now.events.includes(e)) && columns && rows;
}

/** The policies that the same transaction makes on the table of one that an operation drops (PostgreSQL). */
export function policiesBehind({ operation, catalog, laterOn }: Asked): readonly PolicyShape[] {
  const { relation } = operation;
  if (detailOf(operation, "drop-object")?.object !== "policy" || relation === null) return [];
  return laterOn(relation.name)
    .filter((later) => isOnSameTable(operation, later, catalog.defaultSchema))
    .flatMap((later) => detailOf(later, "create-object")?.policy ?? []);
}

/** The trigger that OR REPLACE puts another one in the place of; null where no file made it. */
export function triggerReplaced({ operation, catalog }: Pick<Asked, "operation" | "catalog">): TriggerShape | null {
  const made = detailOf(operation, "create-object");
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (made?.object !== "trigger" || !made.orReplace || table === null) return null;
  return table.dependents.find((d) => d.kind === "trigger" && d.name === made.name?.name)?.trigger ?? null;
}

/** Whether the same transaction switches on again what an operation switches off. */
export function isSwitchedBack({ operation, catalog, laterOn }: Asked): boolean {
  const off = detailOf(operation, "switch");
  if (off === null || operation.relation === null) return false;
  return laterOn(operation.relation.name).some((later) => {
    const on = detailOf(later, "switch");
    if (on === null || on.what !== off.what || !isOnSameTable(operation, later, catalog.defaultSchema)) return false;
    return (
      on.enabled && on.firing !== "replica" && (on.name === off.name || (on.name === null && on.userOnly !== true))
    );
  });
}

/**
 * `DROP TRIGGER IF EXISTS x; CREATE TRIGGER x ... ON t` where t is known and has no such trigger (MySQL and MariaDB, whose
 * triggers are named without their table): there was none to drop.
 */
export function isFirstTrigger({
  operation,
  next,
  catalog,
  engine,
}: Pick<RuleContext, "operation" | "next" | "catalog" | "engine">): boolean {
  const dropped = detailOf(operation, "drop-object");
  if (engine.name === "postgres" || dropped?.object !== "trigger" || !dropped.ifExists) return false;
  return next.some((later) => {
    const made = detailOf(later, "create-object");
    if (made?.object !== "trigger" || made.name === null || later.relation === null) return false;
    if (made.name.name !== dropped.name?.name) return false;
    const table = findTable(catalog, later.relation);
    if (isTriggerElsewhere(made.name, later.relation, catalog)) return false;
    return table !== null && !table.dependents.some((d) => d.kind === "trigger" && d.name === made.name?.name);
  });
}
