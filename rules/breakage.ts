import type { Breakage, Effect } from "../src/model/effect.js";
import type { RuleContext } from "./rule.js";

/**
 * What running code loses by the operation, in words; null when it loses nothing. In contract no old code runs any more: what
 * is lost then is what the database itself goes on running, or what new code uses.
 */
export function breakageOf(
  context: Pick<RuleContext, "effect" | "phase" | "operation" | "laterOn" | "next">,
): string | null {
  const { effect, phase } = context;
  if (phase === "contract") return leftFailing(context);
  const broken = effect.breaks.find((breakage) => breakage.who === "N-1");
  return broken?.why ?? (effect.destroys ? "its data is gone" : null);
}

/** What is left in the database and fails; null where there is none, or what it names is made anew behind the statement. */
export function leftFailing({
  effect,
  operation,
  laterOn,
  next,
}: Pick<RuleContext, "effect" | "operation" | "laterOn" | "next">): string | null {
  // `renaming-column` speaks of it, and leaves out what zmigrate parks.
  if (operation.kind === "rename-column") return null;
  const left = effect.breaks.filter((breakage) => breakage.who === "N").map(({ why }) => why);
  const name = nameTaken(operation);
  const isMadeAnew = name !== null && [...laterOn(name), ...next].some((later) => nameMade(later) === name);
  return left.length === 0 || isMadeAnew ? null : left.join("; ");
}

/** Whether something fails for the code that comes with the deploy, too: no phase is right for it. */
export function isForAll(breakage: Breakage, { breaks }: Effect): boolean {
  return breaks.some(({ who, why }) => who === "N" && why === breakage.why);
}

function nameTaken(operation: RuleContext["operation"]): string | null {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "drop-object") return detail.name?.name ?? null;
  const isTable = detail?.kind === "drop-table" || detail?.kind === "rename-table";
  return isTable ? (operation.relation?.name ?? null) : null;
}

function nameMade(operation: RuleContext["operation"]): string | null {
  if (operation.kind === "create-table") return operation.relation.name;
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "create-object") return detail.name?.name ?? null;
  return detail?.kind === "rename-table" ? detail.to.name : null;
}
