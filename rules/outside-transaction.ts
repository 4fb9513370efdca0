import type { RuleContext } from "./rule.js";

/** What goes before SQL that PostgreSQL refuses inside a transaction (25001). */
export const outsideTransaction = ({ inTransaction }: Pick<RuleContext, "inTransaction">): string =>
  inTransaction ? "Move it out of the transaction, which CONCURRENTLY is refused in, into a file of its own. " : "";
