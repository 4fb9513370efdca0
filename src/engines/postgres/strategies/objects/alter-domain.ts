import type { AlterObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext, sameRelation } from "../../../engine.js";
import { step } from "../../../step.js";
import { quote, quoteRelation } from "../../names.js";
import { asWritten, stepOf } from "../written.js";
import { type Named, namedBy, shownName } from "./known.js";

/** Words that only loosen, or are for new values only. */
const LOOSE = /^(?:DROP NOT NULL|DROP CONSTRAINT|SET DEFAULT|DROP DEFAULT|RENAME CONSTRAINT)$/;

/**
 * ALTER DOMAIN: a new constraint is NOT VALID first, in contract, since old code may violate it, and the values that are
 * there are checked afterwards.
 *
 * @throws Refusal for SET NOT NULL, which reads every table while writes wait
 */
export function alterDomain(detail: AlterObject, operation: OtherOperation, context: StrategyContext): Phased {
  const named = namedBy(detail, operation, context);
  const [change = ""] = detail.changes;
  if (named === null) throw new Refusal("The domain has no name.", "Name it.");
  if (detail.changes.includes("CASCADE"))
    throw new Refusal("CASCADE drops whatever uses the constraint.", "Leave CASCADE out.");
  if (change === "ADD CONSTRAINT") return tighten(detail, named, operation, context);
  if (change === "VALIDATE CONSTRAINT")
    return {
      steps: [validate(named, detail.values?.[0] ?? "", operation, context, context.statement)],
      retires: [],
      gates: [],
      notes: [],
    };
  if (change === "RENAME CONSTRAINT") return renamed(detail, named, operation, context);
  if (LOOSE.test(change)) return loosen(detail, named, operation, context);
  throw new Refusal(
    `ALTER DOMAIN ... ${change} reads every table that has a column of ${shownName(named)} while writes to it wait.`,
    "Write `ALTER DOMAIN ... ADD CONSTRAINT name CHECK (VALUE IS NOT NULL)`: it is added NOT VALID and checked afterwards.",
  );
}

const alter = (named: Named, what: string) => `ALTER DOMAIN ${quoteRelation(named.name)} ${what}`;

/** The statements that give back what the database has; null where it has said nothing of it. */
function formerOf(change: string, constraint: string, named: Named, context: StrategyContext): string[] | null {
  const { catalog } = context;
  const type = (catalog.types ?? []).find((t) => sameRelation(t.relation, named.name, catalog.defaultSchema));
  if (type?.domain === undefined) return null;
  if (/DEFAULT$/.test(change)) {
    const value = type.default ?? null;
    return [alter(named, value === null ? "DROP DEFAULT" : `SET DEFAULT ${value}`)];
  }
  const check = type.domain.checks.find((c) => c.name === constraint);
  if (change !== "DROP CONSTRAINT" || check === undefined) return null;
  const definition = check.definition.replace(/ NOT VALID$/, "");
  return [alter(named, `ADD CONSTRAINT ${quote(constraint)} ${definition} NOT VALID`)];
}

function loosen(detail: AlterObject, named: Named, operation: OtherOperation, context: StrategyContext): Phased {
  const [change = ""] = detail.changes;
  const constraint = detail.values?.[0] ?? "";
  const drops = change === "DROP CONSTRAINT";
  const undo = formerOf(change, constraint, named, context);
  const left = drops
    ? `A rollback makes ${constraint} of the domain ${shownName(named)} again for new values: those that came meanwhile it does not check (VALIDATE CONSTRAINT).`
    : null;
  const unknown = `A rollback leaves the domain ${shownName(named)} as this statement makes it.`;
  const leaves = undo === null ? [unknown] : left === null ? [] : [left];
  return asWritten(
    operation,
    context,
    {
      name: "alter-domain",
      sql: [context.statement],
      undo: undo ?? [],
      reason: "No value that is there is looked at.",
    },
    leaves.length === 0 ? {} : { leaves },
  );
}

function tighten(detail: AlterObject, named: Named, operation: OtherOperation, context: StrategyContext): Phased {
  const constraint = detail.values?.[0];
  if (constraint === undefined || detail.changes.includes("NOT NULL"))
    throw new Refusal(
      `A constraint of ${shownName(named)} without a name, or NOT NULL, cannot be added in two steps.`,
      "Write `ADD CONSTRAINT name CHECK (...)`.",
    );
  const written = detail.changes.includes("NOT VALID");
  const sql = written ? context.statement : `${context.statement} NOT VALID`;
  const add = step({
    id: `${context.ordinal}-add-constraint`,
    phase: "contract",
    stage: "swap",
    kind: "ddl",
    sql: [sql],
    undo: [alter(named, `DROP CONSTRAINT ${quote(constraint)}`)],
    reason:
      "Old code may write what it forbids. It holds for new values at once; those that are there are checked by the next step.",
  });
  const check = validate(
    named,
    constraint,
    operation,
    context,
    alter(named, `VALIDATE CONSTRAINT ${quote(constraint)}`),
  );
  const letGo = { step: add.id, sql: add.undo };
  return { steps: written ? [add] : [add, { ...check, letGo }], retires: [], gates: [], notes: [] };
}

/** Writes to the tables wait while they are read: the effect says which. */
function validate(named: Named, constraint: string, operation: OtherOperation, context: StrategyContext, sql: string) {
  const effect = stepOf(operation, context, { name: "validate", sql: [sql], reason: "" });
  const blocked = effect.locks.filter((l) => l.blocks === "writes" || l.blocks === "reads");
  const tables = blocked.map((l) => l.relation.name).join(", ");
  return {
    ...effect,
    phase: "contract" as const,
    stage: "swap" as const,
    kind: "validate" as const,
    reason: `Checks the values of ${shownName(named)} by ${constraint}${tables === "" ? "" : `: writes to ${tables} wait while it is read`}.`,
  };
}

function renamed(detail: AlterObject, named: Named, operation: OtherOperation, context: StrategyContext): Phased {
  const [from = "", to = ""] = detail.values ?? [];
  const rename = (a: string, b: string) => alter(named, `RENAME CONSTRAINT ${quote(a)} TO ${quote(b)}`);
  return asWritten(operation, context, {
    name: "rename-constraint",
    sql: [rename(from, to)],
    undo: [rename(to, from)],
    reason: "No statement names a constraint of a domain.",
  });
}
