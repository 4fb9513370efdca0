import type { Privileges } from "../../../model/detail/object.js";
import { Refusal, type StandIn, type StrategyContext, sameRelation } from "../../engine.js";
import { tablesNamed } from "../../rights.js";
import { quoteRelation } from "../names.js";

/** The same rights on what a view of the file shows until the swap, which has the name from then on. */
export interface OnRenamed {
  readonly sql: readonly string[];
  /** What takes them back, of what takes those on the view back. */
  undo(statements: readonly string[]): readonly string[];
}

/** The statement with other words behind ON; null where those that are there are not found in it. */
function on(statement: string, written: string, others: string): string | null {
  const at = statement.indexOf(written, statement.search(/\bON\s/i));
  return at < 0 ? null : statement.slice(0, at) + others + statement.slice(at + written.length);
}

/** A statement about the view as one about what it shows: its address stands behind the first ON. */
function about(statement: string, { view, of }: StandIn): readonly string[] {
  const addresses = [quoteRelation(view), quoteRelation({ schema: null, name: view.name })];
  const met = addresses.find((address) => statement.includes(` ON ${address} `));
  return met === undefined ? [] : [statement.replace(` ON ${met} `, () => ` ON ${quoteRelation(of)} `)];
}

/**
 * A GRANT on the new name of what an earlier statement of the file renames would be on the view alone, which the swap drops:
 * it is given on both at once, so that it is missing at no moment. Null where it names nothing of the kind.
 *
 * @throws Refusal where the statement cannot be said of the old name
 */
export function onRenamed({ on: written }: Privileges, context: StrategyContext): OnRenamed | null {
  const { standIns = [], catalog, statement } = context;
  const tables = tablesNamed(written ?? "");
  const standInOf = (name: StandIn["view"]) => standIns.find((s) => sameRelation(s.view, name, catalog.defaultSchema));
  const met = tables.flatMap((t) => standInOf(t) ?? []);
  if (written === null || met.length === 0) return null;
  const others = met.map(({ of }) => quoteRelation(of)).join(", ");
  const sql = on(statement, written, others);
  if (sql === null)
    throw new Refusal(
      "It is on a name that this file gives to a table: until the swap that is a view, and the table would not have the right.",
      "Put this statement into a later migration: it begins when this one is swapped.",
    );
  return { sql: [sql], undo: (statements) => statements.flatMap((s) => met.flatMap((m) => about(s, m))) };
}
