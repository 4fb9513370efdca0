import type { RelationName } from "../name.js";

/**
 * What the text of a view lets through, in a form that does not depend on how it is written: not on spaces, case, quotes,
 * parentheses, aliases of tables, or the order of conditions. A column is written `table→column`, with `?` for a table that the
 * text does not tell.
 */
export interface ViewShape {
  /** The queries that it is made of: more than one with UNION. */
  readonly parts: readonly ViewPart[];
  /** How the parts are put together; null for a single one. */
  readonly union: "union" | "union all" | null;
  readonly limit: string | null;
  readonly offset: string | null;
  /** What its text lets through of what is written to it, where its tables take it. */
  readonly takes: readonly ViewWrite[];
  /** WITH CHECK OPTION. */
  readonly check: "local" | "cascaded" | null;
}

export type ViewWrite = "insert" | "update" | "delete";

/** A query that another one reads like a table. */
export interface ViewQuery {
  readonly name: string;
  /** The names of its columns, in order: null for one that is not told, `*` for all of what it reads. */
  readonly columns: readonly (string | null)[];
  readonly shape: ViewShape;
}

/** One SELECT. */
export interface ViewPart {
  /** What it shows, in order: of `outputs` of the statement. */
  readonly shown: readonly string[];
  /** The tables that it reads, each row of which it pairs with those of the others: not those of outer joins. */
  readonly tables: readonly RelationName[];
  /** Other things that it reads so: functions, queries that are not looked into, a row of VALUES. */
  readonly others: readonly string[];
  /** The queries that it reads so and that more is done in than picking rows, of WITH and in FROM, by what it calls them; absent for none. */
  readonly queries?: readonly ViewQuery[];
  /** What is joined to them by outer joins, which take no row away. */
  readonly outer: readonly string[];
  /** What a row must meet, each: WHERE, HAVING and the ON of inner joins. */
  readonly conditions: readonly ViewCondition[];
  /** What DISTINCT ON names; `all` for DISTINCT alone; null without it. */
  readonly distinct: string | null;
  /** What GROUP BY names; empty where an aggregate alone makes one row of all, null where there is none. */
  readonly grouped: readonly string[] | null;
}

/** A condition of which it can be told whether another one is weaker. */
export type ViewCondition = { readonly text: string } & (
  | { readonly kind: "plain" }
  | { readonly kind: "any"; readonly arms: readonly ViewCondition[] }
  | { readonly kind: "in" | "not-in"; readonly left: string; readonly values: readonly string[] }
  | {
      /** `left IN (query)`, or with null `EXISTS (query)`. */
      readonly kind: "query";
      readonly left: string | null;
      readonly not: boolean;
      readonly shape: ViewShape;
    }
  | { readonly kind: "bound"; readonly left: string; readonly sign: "<" | "<=" | ">" | ">="; readonly value: number }
);
