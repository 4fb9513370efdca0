import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { dollarQuotes, quote, quoteRelation } from "../names.js";
import { evaluated } from "./derive.js";
import { differs, functionName, inBackfill, type TriggerSql, triggerName } from "./sync.js";

/** An expression over columns of a row. */
export interface RowExpression {
  readonly text: string;
  readonly reads: readonly string[];
}

/** A column that is computed from the old ones until old code is gone. */
export interface FreshColumn {
  readonly name: string;
  readonly type: string;
  readonly comparable: boolean;
  readonly up: RowExpression;
}

/** A column that goes, and how it is computed from the new ones meanwhile. */
export interface GoingColumn {
  readonly column: Column;
  readonly down: RowExpression;
}

/** Columns of one table that say the same in two ways while old and new code both run. */
export interface ColumnGroup {
  readonly relation: RelationName;
  /** Names the function and the triggers; unique per migration and group. */
  readonly hash: string;
  readonly fresh: readonly FreshColumn[];
  readonly going: readonly GoingColumn[];
  /** What the new columns are computed from: the columns that go, and others. */
  readonly sources: readonly Pick<Column, "name" | "comparable">[];
  /** Where expressions find what they name without a schema; null for nowhere but pg_catalog. */
  readonly schema: string | null;
}

type Row = "NEW" | "OLD";

const computed = (g: ColumnGroup, { text, reads }: RowExpression, row: Row) =>
  evaluated(text, g.relation, reads, (column) => `${row}.${quote(column)}`);

const changed = ({ name, comparable }: { name: string; comparable: boolean }) =>
  differs(`NEW.${quote(name)}`, `OLD.${quote(name)}`, comparable);

const oneOf = (conditions: readonly string[]) => (conditions.length === 0 ? "false" : conditions.join(" OR "));

const unfilled = (g: ColumnGroup, row: Row) =>
  g.fresh.map(({ name }) => `${row}.${quote(name)} IS NOT DISTINCT FROM NULL`).join(" AND ");

/** The columns that say what old code wrote, each once. */
function oldSide(g: ColumnGroup) {
  const going = g.going.map(({ column }) => column);
  return [...going, ...g.sources.filter((s) => !going.some((c) => c.name === s.name))];
}

/** An INSERT wrote a column when it is not its default; a default that changes from call to call cannot be compared. */
function wroteOld({ column }: GoingColumn): string {
  const value = `NEW.${quote(column.name)}`;
  const given = column.default ?? column.domain?.default ?? null;
  if (given === null) return `${value} IS DISTINCT FROM NULL`;
  if (column.default !== null && column.defaultVolatile !== false) return "NOT n_ch";
  return differs(value, `(${given})::${column.type}`, column.comparable);
}

/** Neither side's writer fails for the other side: the comparison, or a rollback, meets the row. */
const careful = (indent: string, statements: readonly string[]) =>
  `${indent}BEGIN\n${statements.map((s) => `${indent}  ${s}`).join("\n")}\n${indent}EXCEPTION WHEN OTHERS THEN NULL;\n${indent}END;`;

function bodyOf(g: ColumnGroup): string {
  const fills = g.fresh.map((f) => `NEW.${quote(f.name)} := ${computed(g, f.up, "NEW")};`);
  const lazy = g.fresh.map(
    (f) => `IF NOT ${changed(f)} THEN NEW.${quote(f.name)} := ${computed(g, f.up, "OLD")}; END IF;`,
  );
  const back = g.going.map(({ column, down }) => `NEW.${quote(column.name)} := ${computed(g, down, "NEW")};`);
  const follow = back.length === 0 ? "    NULL;" : careful("    ", back);
  return `#variable_conflict use_column
DECLARE
  o_ch boolean;
  n_ch boolean;
BEGIN
  IF ${inBackfill(g.relation)} THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    n_ch := ${oneOf(g.fresh.map((f) => `NEW.${quote(f.name)} IS DISTINCT FROM NULL`))};
    o_ch := ${oneOf(g.going.map(wroteOld))};
  ELSE
    n_ch := ${oneOf(g.fresh.map(changed))};
    o_ch := ${oneOf(oldSide(g).map(changed))};
    -- A row that the backfill has not reached: what the writer left alone says what the old columns say.
    IF n_ch AND NOT o_ch AND ${unfilled(g, "OLD")} THEN
${careful("      ", lazy)}
    END IF;
  END IF;
  IF n_ch AND NOT o_ch THEN
${follow}
  ELSIF NOT n_ch AND (o_ch OR TG_OP = 'INSERT' OR ${unfilled(g, "NEW")}) THEN
${careful("    ", fills)}
  END IF;
  RETURN NEW;
END`;
}

function functionOf(g: ColumnGroup): string {
  const path = ["pg_catalog", ...(g.schema === null ? [] : [quote(g.schema)]), "pg_temp"].join(", ");
  const body = bodyOf(g);
  const quotes = dollarQuotes(body);
  return `CREATE FUNCTION ${functionName(g.hash, "g")}() RETURNS trigger LANGUAGE plpgsql SET search_path = ${path} AS ${quotes}
${body}
${quotes}`;
}

/**
 * Keeps two groups of columns saying the same, by looking at what changed and not at who wrote: one side written, the
 * other is computed; both written, both are left as the application wrote them. An UPDATE of other columns of a row that
 * is filled calls nothing. Shape and pitfalls: facts, postgres-expand-contract 1.
 */
export function groupTrigger(g: ColumnGroup): TriggerSql {
  const table = quoteRelation(g.relation);
  const [onInsert, onUpdate] = [triggerName(g.hash, "g1"), triggerName(g.hash, "g2")];
  const call = `EXECUTE FUNCTION ${functionName(g.hash, "g")}()`;
  const when = oneOf([...oldSide(g).map(changed), ...g.fresh.map(changed), `(${unfilled(g, "NEW")})`]);
  return {
    create: [
      functionOf(g),
      `CREATE TRIGGER ${onInsert} BEFORE INSERT ON ${table}\n  FOR EACH ROW ${call}`,
      `CREATE TRIGGER ${onUpdate} BEFORE UPDATE ON ${table}\n  FOR EACH ROW WHEN (${when}) ${call}`,
    ],
    drop: [
      `DROP TRIGGER IF EXISTS ${onInsert} ON ${table}`,
      `DROP TRIGGER IF EXISTS ${onUpdate} ON ${table}`,
      `DROP FUNCTION IF EXISTS ${functionName(g.hash, "g")}()`,
    ],
  };
}
