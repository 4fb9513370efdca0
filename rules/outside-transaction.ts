import type { RuleContext } from "./rule.js";

/** What goes before SQL that PostgreSQL refuses inside a transaction (25001). */
export const outsideTransaction = ({
  inTransaction,
  inBlock,
  withoutTransaction,
}: Pick<RuleContext, "inTransaction" | "inBlock" | "withoutTransaction">): string =>
  inBlock
    ? "Write it without the DO block, in a file that runs in no transaction: a block is one, which CONCURRENTLY is refused in. "
    : inTransaction
      ? `Move it out of the transaction, which CONCURRENTLY is refused in, into a file of its own${withoutTransaction === null ? "" : `, and ${withoutTransaction}`}. `
      : "";
