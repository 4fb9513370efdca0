import type { Constraint, Index, Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { Claim } from "../../../model/plan.js";
import { type StrategyContext, sameRelation } from "../../engine.js";

/** A change of a column, and what goes along with it. */
interface Going {
  readonly relation: RelationName;
  /** The column. */
  readonly column: string;
  /** For people: `renames a to b`. */
  readonly change: string;
  readonly context: StrategyContext;
  readonly indexes: readonly Index[];
  readonly constraints: readonly Constraint[];
}

/** The table that a foreign key points at, and its columns there. */
function pointedAt(constraint: Constraint, { relation, context }: Going): [Table, readonly string[]][] {
  const { tables, defaultSchema } = context.catalog;
  return tables.flatMap((table): [Table, readonly string[]][] =>
    table.referencedBy
      .filter((f) => f.constraint === constraint.name && sameRelation(f.relation, relation, defaultSchema))
      .map((f) => [table, f.columns]),
  );
}

/**
 * Claims on the other columns of a column's indexes, checks and keys, on both sides of a foreign key. The swap finds copies
 * of these by their names, and the swap of another migration gives the names to others: the second one begins with what
 * the first one has left.
 */
export function claimsOnShared(going: Going): Claim[] {
  const { relation, column, change, indexes, constraints } = going;
  const claim = (where: RelationName, names: readonly string[], through: string): Claim[] =>
    names
      .filter((name) => where !== relation || name !== column)
      .map((name) => ({ relation: where, name, change, shares: true, through, together: true }));
  return [
    ...indexes.flatMap((i) => claim(relation, i.columns, `the index ${i.name}`)),
    ...constraints.flatMap((c) => {
      const through = `the constraint ${c.name}`;
      const there = c.kind === "foreign-key" ? pointedAt(c, going) : [];
      return [
        ...claim(relation, c.columns, through),
        ...there.flatMap(([t, names]) => claim(t.relation, names, through)),
      ];
    }),
  ];
}

/** Whether something is over a column that another migration has parked: it goes with that one, and is carried no further. */
export const goesWithParked = ({ columns }: { readonly columns: readonly string[] }): boolean =>
  columns.some((name) => name.startsWith("zmigrate_dropped_"));
