import { findTable, sameRelation } from "../src/engines/engine.js";
import type { Constraint } from "../src/model/catalog.js";
import { POSTGRES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

/** Whether it is a foreign key: as the schema says, else by the name that PostgreSQL and most tools give one. */
function isForeignKey({ operation, effect, catalog }: RuleContext, name: string): boolean {
  const relation = operation.kind === "other" ? operation.relation : null;
  const table = relation === null ? null : findTable(catalog, relation);
  const known = table?.constraints.find((one) => one.name === name);
  if (known !== undefined) return known.kind === "foreign-key";
  return effect.locks.some((lock) => lock.relation.name !== relation?.name) || /(?:^fk_|_fk$|_fkey$)/.test(name);
}

/** The name of a constraint that is dropped, or left without effect (PostgreSQL 18). */
function takenAway({ operation }: RuleContext): string | null {
  const altered = detailOf(operation, "alter-constraint");
  if (altered !== null) return altered.enforced === false ? altered.name : null;
  return detailOf(operation, "drop-constraint")?.name ?? null;
}

const actionIn = (text: string): string | null =>
  /\bON\s+DELETE\s+(CASCADE|SET\s+NULL|SET\s+DEFAULT)\b/i.exec(text)?.[1]?.toUpperCase() ?? null;

/** What it did by itself when a row that is pointed at went, `ON DELETE CASCADE`, and what becomes of that. */
function actionOf(context: RuleContext, name: string): string {
  const { operation, catalog } = context;
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  const known = table?.constraints.find((one) => one.name === name);
  const action = actionIn(known?.definition ?? "");
  if (known === undefined || action === null) return "";
  const kept = keysBeside(context, known);
  if (kept.some((text) => actionIn(text) === action)) return "";
  if (kept.some((text) => actionIn(text) === null))
    return ` Running code that deletes a row which others point at fails (23503): ON DELETE ${action} no longer happens.`;
  return ` Running code that deletes a row leaves behind the rows that point at it: ON DELETE ${action} no longer happens.`;
}

/** The foreign keys over the same columns that are there, or that the same statement or transaction adds. */
function keysBeside({ operation, catalog, siblings, laterOn }: RuleContext, known: Constraint): readonly string[] {
  const { relation } = operation;
  if (relation === null) return [];
  const isAlike = ({ kind, columns }: { readonly kind: string; readonly columns: readonly string[] }) =>
    kind === "foreign-key" && columns.join() === known.columns.join();
  const beside = findTable(catalog, relation)?.constraints.filter((one) => one !== known && isAlike(one)) ?? [];
  const added = [...siblings, ...laterOn(relation.name)].flatMap((one) => {
    const isHere = one.relation !== null && sameRelation(one.relation, relation, catalog.defaultSchema);
    const constraint = isHere ? detailOf(one, "add-constraint")?.constraint : undefined;
    return constraint !== undefined && isAlike(constraint) ? [constraint.text] : [];
  });
  return [...beside.map(({ definition }) => definition), ...added];
}

/** A drop that takes foreign keys along: without a phase `ban-drop-column` and `ban-drop-table` speak of it. */
function droppedWith(context: RuleContext): Verdict | null {
  const { operation, effect, catalog, engine, phase } = context;
  const isDrop = operation.kind === "drop-column" || detailOf(operation, "drop-table") !== null;
  const { relation } = operation;
  const table = relation === null ? null : findTable(catalog, relation);
  if (!isDrop || phase !== "contract" || relation === null || table === null || table.partitionOf) return null;
  const own = [relation, ...(table.partitions ?? []).map((below) => below.relation)].map(({ name }) => name);
  const others = effect.locks.filter((lock) => lock.blocks === "reads" && !own.includes(lock.relation.name));
  if (others.length === 0) return null;
  const all = [
    ...new Set([relation, ...others.map((lock) => lock.relation)].map((name) => engine.quoteRelation(name))),
  ];
  return {
    message: `A foreign key goes with it: reads and writes of ${all.join(" and ")} wait until this has got its locks, which is as long as the longest query on any of them.`,
    help: "SET lock_timeout = '2s'; before it, and try again when it fails; or drop the foreign key by itself before, in the same way.",
  };
}

export const rule: Rule = {
  id: "dropping-foreign-key",
  engines: POSTGRES,
  severity: "warning",
  aside: true,
  protects: "Dropping a foreign key waits for every query of two tables, and every query of both waits behind it.",
  check(context) {
    const name = takenAway(context);
    const limit = context.settings.lock_timeout?.trim() ?? "0";
    if (!/^0\D*$/.test(limit)) return null;
    if (name === null || !isForeignKey(context, name)) return droppedWith(context);
    return {
      message: `Reads and writes of both tables of ${context.engine.quote(name)} wait until this has got its locks, which is as long as the longest query on either.${actionOf(context, name)}`,
      help: "SET lock_timeout = '2s'; before it, try again when it fails, and drop one foreign key a transaction.",
    };
  },
  bad: [
    { sql: "ALTER TABLE users DROP CONSTRAINT users_team_id_fkey;" },
    { sql: "ALTER TABLE users ALTER CONSTRAINT users_team_id_fkey NOT ENFORCED;", version: "18" },
  ],
  good: [
    { sql: "SET lock_timeout = '2s';\nALTER TABLE users DROP CONSTRAINT users_team_id_fkey;" },
    { sql: "ALTER TABLE users DROP CONSTRAINT users_age_check;" },
    { sql: "ALTER TABLE users ALTER CONSTRAINT users_team_id_fkey DEFERRABLE;" },
  ],
};
