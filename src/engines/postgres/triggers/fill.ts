import type { RelationName } from "../../../model/name.js";
import { dollarQuotes, quote, quoteRelation } from "../names.js";
import { functionName, type TriggerSql, triggerName } from "./sync.js";

/** A column that is about to become NOT NULL, and what stands in for NULL meanwhile. */
export interface Filling {
  readonly relation: RelationName;
  readonly column: string;
  /** An expression over the columns of the row. */
  readonly fill: string;
  /** Names the function and the trigger; unique per migration, table and column. */
  readonly hash: string;
  /** Where the expression finds what it names without a schema; null for nowhere but pg_catalog. */
  readonly schema: string | null;
}

/** An expression that ends with a comment must not take the bracket with it. */
export const inBrackets = (expression: string): string =>
  expression.includes("--") ? `(${expression}\n)` : `(${expression})`;

function functionOf({ relation, column, fill, hash, schema }: Filling): string {
  const path = ["pg_catalog", ...(schema === null ? [] : [quote(schema)]), "pg_temp"].join(", ");
  // The row stands in a subquery, so that the expression names its columns as it does in an UPDATE.
  const body = `#variable_conflict use_column
BEGIN
  NEW.${quote(column)} := (SELECT ${inBrackets(fill)} FROM (SELECT NEW.*) AS ${quote(relation.name)});
  RETURN NEW;
END`;
  const quotes = dollarQuotes(body);
  return `CREATE FUNCTION ${functionName(hash, "f")}() RETURNS trigger LANGUAGE plpgsql SET search_path = ${path} AS ${quotes}
${body}
${quotes}`;
}

/**
 * Gives a row a value where a writer that does not know better leaves NULL: on INSERT, and on an UPDATE of a row that the
 * backfill has not reached. Its name sorts last, so that the application's own triggers have had their say.
 */
export function fillTrigger(filling: Filling): TriggerSql {
  const table = quoteRelation(filling.relation);
  const name = triggerName(filling.hash, "f");
  return {
    create: [
      functionOf(filling),
      `CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON ${table}
  FOR EACH ROW WHEN (NEW.${quote(filling.column)} IS NULL) EXECUTE FUNCTION ${functionName(filling.hash, "f")}()`,
    ],
    drop: [
      `DROP TRIGGER IF EXISTS ${name} ON ${table}`,
      `DROP FUNCTION IF EXISTS ${functionName(filling.hash, "f")}()`,
    ],
  };
}
