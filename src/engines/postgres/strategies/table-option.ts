import type { Inherit } from "../../../model/detail/partition.js";
import type { SetTableOption, Switch } from "../../../model/detail/table.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { findTable, type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { literal, quote, quoteRelation } from "../names.js";
import { ownerBack, ownerWord } from "./owner.js";
import { grantsOnTable } from "./privileges.js";
import { asWritten, nothing, stepOf } from "./written.js";

const tableIn = ({ relation, only }: OtherOperation, context: StrategyContext): string => {
  if (relation === null) throw new Refusal("The table is not named.", "Name it.");
  return `ALTER TABLE ${only === true ? "ONLY " : ""}${quoteRelation(findTable(context.catalog, relation)?.relation ?? relation)}`;
};

const tableName = ({ relation }: OtherOperation): string => (relation === null ? "the table" : show(relation));

const NAMED: Readonly<Record<string, (value: string | null) => string>> = {
  OWNER: (value) => `OWNER TO ${ownerWord(value ?? "")}`,
  "CLUSTER ON": (value) => (value === null ? "SET WITHOUT CLUSTER" : `CLUSTER ON ${quote(value)}`),
  "REPLICA IDENTITY": (value) => {
    const index = /^INDEX (.*)$/s.exec(value ?? "")?.[1];
    return `REPLICA IDENTITY ${index === undefined ? value : `USING INDEX ${quote(index)}`}`;
  },
};

/** A storage parameter is in lower case, and may have a prefix. */
function clauseOf({ option, value }: SetTableOption): string {
  const named = NAMED[option];
  if (named !== undefined) return named(value);
  if (option !== option.toLowerCase())
    throw new Refusal(
      `${option} writes the table anew, or makes another of it, while everybody waits.`,
      "Make a new table with it and move the rows, use pg_repack or pg_squeeze, or take a maintenance window.",
    );
  const name = option.split(".").map(quote).join(".");
  return value === null ? `RESET (${name})` : `SET (${name} = ${literal(value).trim()})`;
}

/** The statements that give back what was set before; null where that is not known. */
function formerOf(
  detail: SetTableOption,
  operation: OtherOperation,
  context: StrategyContext,
): readonly string[] | null {
  const { option, value } = detail;
  const alter = tableIn(operation, context);
  const table = operation.relation === null ? null : findTable(context.catalog, operation.relation);
  if (option === "OWNER" && table !== null)
    return ownerBack(`${alter} ${clauseOf(detail)}`, value ?? "", { owner: table.owner, grants: grantsOnTable(table) });
  if (option === "CLUSTER ON" && table !== null)
    return [
      `${alter} ${clauseOf({ ...detail, value: table.indexes.find((i) => i.clustered === true)?.name ?? null })}`,
    ];
  const isStored = option === option.toLowerCase();
  if (operation.only === true || table?.options === undefined) return null;
  if (!isStored && option !== "REPLICA IDENTITY") return null;
  const former = table.options.find((o) => o.option === option)?.value ?? null;
  return [`${alter} ${clauseOf({ ...detail, value: former })}`];
}

/** An option of a table: from the catalog's side a brief lock, or refused. @throws Refusal where the table is rewritten */
export function tableOption(detail: SetTableOption, operation: OtherOperation, context: StrategyContext): Phased {
  const table = tableIn(operation, context);
  const former = formerOf(detail, operation, context);
  const tight = detail.option === "OWNER" || (detail.option === "REPLICA IDENTITY" && detail.value === "NOTHING");
  const contracts = tight && !context.newTable;
  const given = {
    name: "set-option",
    sql: [`${table} ${clauseOf(detail)}`],
    undo: former ?? [],
    ...(contracts ? ({ phase: "contract", stage: "swap" } as const) : {}),
    reason: contracts
      ? "Old code may have relied on how it was."
      : "Changes the catalog only; rows that are there stay as they are.",
  };
  const left = `A rollback leaves ${detail.option} of the table as this statement sets it.`;
  return asWritten(operation, context, given, former === null ? { leaves: [left] } : {});
}

const FIRING = { always: "ENABLE ALWAYS", replica: "ENABLE REPLICA" } as const;

function switchClause({ what, enabled, name, firing, userOnly }: Switch): string {
  if (what === "row-security") return `${enabled ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`;
  if (what === "force-row-security") return `${enabled ? "" : "NO "}FORCE ROW LEVEL SECURITY`;
  const verb = firing === undefined ? (enabled ? "ENABLE" : "DISABLE") : FIRING[firing];
  const which = name === null ? (userOnly === true ? "USER" : "ALL") : quote(name);
  return `${verb} ${what.toUpperCase()} ${which}`;
}

/** What hides rows, or stops doing what old code relies on, waits for contract. */
const tightens = ({ what, enabled }: Switch): boolean =>
  what === "row-security" || what === "force-row-security" ? enabled : !enabled;

/** ENABLE and DISABLE. The undo of one name is the other verb; of several it is not known which were on. */
export function switchOf(detail: Switch, operation: OtherOperation, context: StrategyContext): Phased {
  const table = tableIn(operation, context);
  const one = detail.name !== null || detail.what === "row-security" || detail.what === "force-row-security";
  const { firing: _, ...plain } = detail;
  const undo = one ? [`${table} ${switchClause({ ...plain, enabled: !detail.enabled })}`] : [];
  const given = {
    name: "switch",
    sql: [`${table} ${switchClause(detail)}`],
    undo,
    ...(tightens(detail) && !context.newTable ? ({ phase: "contract", stage: "swap" } as const) : {}),
    reason: tightens(detail) ? "Old code may not survive it." : "New code may need it at once.",
  };
  const left = "A rollback leaves the triggers as this statement sets them: which were on before is not known.";
  return asWritten(operation, context, given, one ? {} : { leaves: [left] });
}

/** INHERIT in expand, NO INHERIT in contract: rows come into sight, or leave it. */
export function inherit(detail: Inherit, operation: OtherOperation, context: StrategyContext): Phased {
  const table = tableIn(operation, context);
  const parent = quoteRelation(findTable(context.catalog, detail.parent)?.relation ?? detail.parent);
  const say = (enabled: boolean) => `${table} ${enabled ? "" : "NO "}INHERIT ${parent}`;
  const made = stepOf(operation, context, {
    name: detail.enabled ? "inherit" : "no-inherit",
    sql: [say(detail.enabled)],
    undo: [say(!detail.enabled)],
    ...(detail.enabled ? {} : ({ phase: "contract", stage: "swap" } as const)),
    reason: `Its rows are ${detail.enabled ? "" : "no longer "}seen through the parent.`,
  });
  // Measured on 18: NO INHERIT marks what came from the parent as the child's own, and INHERIT does not take that back.
  const left = `A rollback leaves the columns of ${tableName(operation)} as its own: where ${show(detail.parent)} drops one later, they stay.`;
  return { steps: [made], retires: [], gates: [], notes: [], ...(detail.enabled ? {} : { leaves: [left] }) };
}

/** `ALTER TABLE t` without a change. */
export const noChange = (): Phased => nothing("The statement changes nothing, and is left out.");
