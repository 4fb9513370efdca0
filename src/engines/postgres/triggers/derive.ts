import type { RelationName } from "../../../model/name.js";
import { dollarQuotes, quote, quoteRelation } from "../names.js";
import { inBrackets } from "./fill.js";
import { differs, functionName, type TriggerSql, triggerName } from "./sync.js";

/** A column that follows others of its row. */
export interface Derivation {
  readonly relation: RelationName;
  /** Names the function and the triggers; unique per migration, table and column. */
  readonly hash: string;
  readonly target: string;
  /** What it is, over NEW: `NEW."a"`. */
  readonly value: string;
  /** The columns that it is computed from: an UPDATE that changes none of them leaves it alone. */
  readonly watched: readonly { readonly name: string; readonly comparable: boolean }[];
  /** An UPDATE of a row in which it is NULL computes it, whatever it changes. */
  readonly fills: boolean;
  /** Computing it never fails. Where it may, it is NULL then: the writer's statement must not fail for it. */
  readonly sure: boolean;
  /** A condition over NEW, asked when it is computed, on which it is NULL after all; null for none. */
  readonly unless: string | null;
  /** Where expressions find what they name without a schema; null for nowhere but pg_catalog. */
  readonly schema: string | null;
}

/**
 * An expression over the columns of a row as one value, with a source of its own for each column. Names qualified by
 * the table are found too.
 *
 * @param reads the columns that the expression names
 */
export function evaluated(
  expression: string,
  relation: RelationName,
  reads: readonly string[],
  sourceOf: (column: string) => string,
): string {
  const row = reads.map((column) => `${sourceOf(column)} AS ${quote(column)}`).join(", ");
  return `(SELECT ${inBrackets(expression)} FROM (SELECT ${row}) AS ${quote(relation.name)})`;
}

function bodyOf({ target, value, sure, unless }: Derivation): string {
  const column = `NEW.${quote(target)}`;
  const clear = unless === null ? "" : `\n  IF ${unless} THEN ${column} := NULL; END IF;`;
  const compute = `  ${column} := ${value};${clear}`;
  const guarded = sure ? compute : `  BEGIN\n${compute}\n  EXCEPTION WHEN OTHERS THEN\n    ${column} := NULL;\n  END;`;
  return `#variable_conflict use_column
BEGIN
${guarded}
  RETURN NEW;
END`;
}

function functionOf(d: Derivation): string {
  const path = ["pg_catalog", ...(d.schema === null ? [] : [quote(d.schema)]), "pg_temp"].join(", ");
  const body = bodyOf(d);
  const quotes = dollarQuotes(body);
  return `CREATE FUNCTION ${functionName(d.hash, "d")}() RETURNS trigger LANGUAGE plpgsql SET search_path = ${path} AS ${quotes}
${body}
${quotes}`;
}

function whenOf({ target, watched, fills }: Derivation): string {
  const changed = watched.map(({ name, comparable }) =>
    differs(`NEW.${quote(name)}`, `OLD.${quote(name)}`, comparable),
  );
  return [...changed, ...(fills ? [`NEW.${quote(target)} IS NULL`] : [])].join(" OR ");
}

/**
 * Keeps a column equal to what others of its row make of it, whoever writes them. Its name sorts last, so that it sees
 * what the application's own triggers wrote.
 */
export function deriveTrigger(d: Derivation): TriggerSql {
  const table = quoteRelation(d.relation);
  const [onInsert, onUpdate] = [triggerName(d.hash, "d1"), triggerName(d.hash, "d2")];
  const call = `EXECUTE FUNCTION ${functionName(d.hash, "d")}()`;
  return {
    create: [
      functionOf(d),
      `CREATE TRIGGER ${onInsert} BEFORE INSERT ON ${table}\n  FOR EACH ROW ${call}`,
      `CREATE TRIGGER ${onUpdate} BEFORE UPDATE ON ${table}\n  FOR EACH ROW WHEN (${whenOf(d)}) ${call}`,
    ],
    drop: [
      `DROP TRIGGER IF EXISTS ${onInsert} ON ${table}`,
      `DROP TRIGGER IF EXISTS ${onUpdate} ON ${table}`,
      `DROP FUNCTION IF EXISTS ${functionName(d.hash, "d")}()`,
    ],
  };
}
