import { findTable } from "../src/engines/engine.js";
import { POSTGRES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** Whether it is a foreign key: as the schema says, else by the name that PostgreSQL and most tools give one. */
function isForeignKey({ operation, effect, catalog }: RuleContext, name: string): boolean {
  const relation = operation.kind === "other" ? operation.relation : null;
  const table = relation === null ? null : findTable(catalog, relation);
  const known = table?.constraints.find((one) => one.name === name);
  if (known !== undefined) return known.kind === "foreign-key";
  return effect.locks.some((lock) => lock.relation.name !== relation?.name) || /(?:^fk_|_fk$|_fkey$)/.test(name);
}

export const rule: Rule = {
  id: "dropping-foreign-key",
  engines: POSTGRES,
  severity: "warning",
  aside: true,
  protects: "Dropping a foreign key waits for every query of two tables, and every query of both waits behind it.",
  check(context) {
    const name = detailOf(context.operation, "drop-constraint")?.name ?? null;
    const limit = context.settings.lock_timeout?.trim() ?? "0";
    if (name === null || !/^0\D*$/.test(limit) || !isForeignKey(context, name)) return null;
    return {
      message: `Reads and writes of both tables of ${context.engine.quote(name)} wait until this has got its locks, which is as long as the longest query on either.`,
      help: "SET lock_timeout = '2s'; before it, try again when it fails, and drop one foreign key a transaction.",
    };
  },
  bad: [{ sql: "ALTER TABLE users DROP CONSTRAINT users_team_id_fkey;" }],
  good: [
    { sql: "SET lock_timeout = '2s';\nALTER TABLE users DROP CONSTRAINT users_team_id_fkey;" },
    { sql: "ALTER TABLE users DROP CONSTRAINT users_age_check;" },
  ],
};
