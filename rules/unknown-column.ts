import { findTable } from "../src/engines/engine.js";
import { unknownInExpression, unknownColumn as unknownOnMysql } from "../src/engines/mysql/unknown-columns.js";
import { unknownColumn as unknownOnPostgres } from "../src/engines/postgres/unknown-columns.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "siblings" | "written">;

/** What names columns of tables that are there: a change of rows by more than written values, or what holds a query. */
function mayName({ operation, siblings }: Asked): boolean {
  if (siblings.length > 1) return false;
  if (operation.kind === "create-table") return operation.form === "as";
  const made = detailOf(operation, "create-object");
  if (made !== null) return /view$/.test(made.object) && !made.ifNotExists;
  const change = detailOf(operation, "data-change");
  if (change === null || change.cte || change.verb === "load" || change.verb === "merge") return false;
  return change.source !== "rows" || change.conflict === "update";
}

/** `ADD COLUMN c int AS (nope + 1)` (MySQL, MariaDB); what another part adds may be named, what one renames is not told. */
function unknownGenerated({ operation, siblings, engine, catalog }: Asked): Missing | null {
  if (engine.name === "postgres" || operation.kind !== "add-column" || operation.column.generated === null) return null;
  const table = findTable(catalog, operation.relation);
  const others = siblings.flatMap((one) => (one.kind === "add-column" ? one.column : []));
  const changes = siblings.some((one) => one.kind !== "add-column" && one.kind !== "create-index");
  if (table === null || table.columns.length === 0 || changes || operation.ifNotExists) return null;
  const columns = [...table.columns, ...others];
  const { relation } = table;
  const gone = unknownInExpression(operation.column.generated.expression, { relation, columns }, engine.name);
  if (gone === null) return null;
  return {
    what: `${engine.quoteRelation(relation)} has no column ${engine.quote(gone)} (1054)`,
    help: HELP,
  };
}

const HELP = "Correct the name; or add, in front of it, what is missing.";

/** A column that a statement names in an expression, or in a query, and that no table has which it reads. */
export function unknownColumn(asked: Asked): Missing | null {
  if (!mayName(asked)) return unknownGenerated(asked);
  const { engine, catalog, written } = asked;
  const found =
    engine.name === "postgres"
      ? unknownOnPostgres(written.text, catalog)
      : unknownOnMysql(written.text, catalog, engine.name, asked.operation.relation);
  if (found === null) return null;
  const who = found.relation === null ? "none of the tables that it reads" : engine.quoteRelation(found.relation);
  const code = engine.name === "postgres" ? "42703" : "1054";
  return {
    what: `${who} has ${found.relation === null ? "a" : "no"} column ${engine.quote(found.column)} (${code})`,
    help: HELP,
  };
}
