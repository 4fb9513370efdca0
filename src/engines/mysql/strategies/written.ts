import type { Effect } from "../../../model/effect.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased, Refusal, type Said } from "../../engine.js";
import { sizeOf } from "../../table-size.js";
import { mysqlEffects } from "../effects/index.js";
import type { MysqlContext } from "./algorithms.js";
import { ddl } from "./ddl.js";
import { CopyRefusal, rebuildHelp } from "./osc.js";

type Given = Pick<Step, "sql" | "reason"> & Partial<Step> & { readonly name: string };

export const effectOf = (operation: OtherOperation, context: MysqlContext): Effect =>
  mysqlEffects(operation, { ...context, siblings: [operation] }, context.dialect);

/** A step of DDL with the locks and the work that an effect says. Without a probe it may be run again as it is. */
export function stepWith(effect: Effect, context: MysqlContext, given: Given): Step {
  const { name, ...rest } = given;
  return ddl({
    id: `${context.ordinal}-${name}`,
    phase: "expand",
    probe: null,
    scan: effect.scan,
    rewrite: effect.rewrite,
    unlimited: effect.scan || effect.rewrite,
    locks: effect.locks.map((l) => ({
      ...l,
      relation: findTable(context.catalog, l.relation)?.relation ?? l.relation,
    })),
    ...rest,
  });
}

/** The same, by the effect of the operation as it is written. */
export const stepOf = (operation: OtherOperation, context: MysqlContext, given: Given): Step =>
  stepWith(effectOf(operation, context), context, given);

/** What makes a statement unfit to run beside running code, in words; null when nothing does. */
export function hazardOf(effect: Effect): string | null {
  if (effect.algorithm === "COPY") return "it copies the table while writes wait";
  const long = effect.locks.find((l) => l.held !== "brief" && (l.blocks === "reads" || l.blocks === "writes"));
  return long === undefined
    ? null
    : `${long.blocks} of ${long.relation.name} wait for as long as its ${long.held} takes`;
}

/** How large the operation's table is, as far as it is known. */
export const sizeOfTable = ({ relation }: OtherOperation, { catalog }: MysqlContext): string =>
  sizeOf(relation === null ? null : findTable(catalog, relation));

/** What stands behind `ALTER TABLE t` in a statement that does nothing else. */
export const changeIn = (statement: string): string =>
  statement.replace(
    /^\s*ALTER\s+(?:ONLINE\s+|IGNORE\s+)*TABLE\s+(?:IF\s+EXISTS\s+)?(?:`(?:[^`]|``)+`|[\w$]+)(?:\s*\.\s*(?:`(?:[^`]|``)+`|[\w$]+))?\s*/is,
    "",
  );

/** @throws Refusal where the effects say that the table is copied, or writers wait */
export function refuseHazard(operation: OtherOperation, context: MysqlContext): void {
  const hazard = hazardOf(effectOf(operation, context));
  if (hazard === null || context.newTable) return;
  throw copyRefusal(operation, hazard, changeIn(context.statement), context);
}

/** @param why what stands in the way of doing it beside writers */
export function copyRefusal(operation: OtherOperation, why: string, change: string, context: MysqlContext): Refusal {
  const { relation, what } = operation;
  const reason = `${what} of ${relation === null ? "the table" : show(relation)} (${sizeOfTable(operation, context)}) has no online way: ${why}.`;
  if (relation === null) return new Refusal(reason, "Run it in a maintenance window.");
  return new CopyRefusal(reason, rebuildHelp(relation, change, context), relation, change);
}

/** One step for what a brief lock does and running code does not notice. @throws Refusal for anything else */
export function asWritten(operation: OtherOperation, context: MysqlContext, given: Given, said: Said = {}): Phased {
  refuseHazard(operation, context);
  return { steps: [stepOf(operation, context, given)], retires: [], gates: [], notes: [], ...said };
}
