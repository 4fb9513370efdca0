import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { show } from "../../../../model/name.js";
import type { Phased } from "../../../engine.js";
import { refuseLeftNull } from "../../../fill-from-update.js";
import { BACKFILL, EXPAND, type Place, SWAP } from "../../../place.js";
import { quote } from "../../names.js";
import { columnsIn } from "../../parse/column-mentions.js";
import { tokenize } from "../../parse/lexer.js";
import { INSTANT, type MysqlContext } from "../algorithms.js";
import { alter } from "../ddl.js";
import { hasConstraint, stateOf } from "../facts.js";
import { givenReader } from "../given-reader.js";
import { guarded } from "../guarded.js";
import { addedColumns, leftOut } from "../place.js";
import { stepWith } from "../written.js";
import { checkName, usable } from "./names.js";
import { onNewTable } from "./on-new-table.js";
import { claimsOn, phasedOf, type Subject } from "./subject.js";
import { counting } from "./verify.js";
import { costOf, limited, wayOf } from "./way.js";

/** A CHECK with the columns that it names. */
interface Check {
  readonly name: string;
  readonly expression: string;
  readonly columns: readonly string[];
  readonly enforced: boolean;
}

/** The columns of a table that an expression names. */
export function columnsOf(expression: string, { table, context }: Subject): readonly string[] {
  const known = new Map(table.columns.map((c) => [c.name.toLowerCase(), c.name]));
  return columnsIn([tokenize(expression, context.dialect).tokens], known);
}

function checkOf(s: Subject, { constraint, expression, enforced }: AddConstraint): Check {
  const text = expression ?? "";
  const name = usable(constraint.name ?? checkName(s.table, s.context.dialect));
  return { name, expression: text, columns: columnsOf(text, s), enforced };
}

/** What may be true or false where a column is NULL. An operator is NULL then, and a CHECK accepts that. */
const SEES_NULL =
  /\b(?:null|is|case|if|ifnull|nullif|coalesce|isnull|least|greatest|true|false|unknown|concat_ws|json_\w+|field|elt|find_in_set)\b|<=>/i;

/** Code that does not know the columns leaves them out: if that satisfies the check, nothing waits for the contract. */
export function placeOfCheck(s: Subject, { columns, expression }: Pick<Check, "columns" | "expression">): Place {
  const added = addedColumns(s.table, s.context);
  const news = columns.flatMap((c) => added.get(c.toLowerCase()) ?? []);
  if (columns.length === 0 || news.length < columns.length) return SWAP;
  if (news.every((c) => leftOut(c) !== "null")) return BACKFILL;
  return news.every((c) => leftOut(c) === "null") && !SEES_NULL.test(expression) ? BACKFILL : SWAP;
}

const dropping = (name: string, { dialect }: MysqlContext): string =>
  `DROP ${dialect === "mysql" ? "CHECK" : "CONSTRAINT"} ${quote(name)}`;

function adding(s: Subject, check: Check, place: Place): Phased["steps"][number] {
  const { context, table, operation } = s;
  const { name, expression, enforced } = check;
  const definition = `CHECK (${expression})${enforced ? "" : " NOT ENFORCED"}`;
  const change = `ADD CONSTRAINT ${quote(name)} ${definition}`;
  const why = `The server holds rows against CHECK (${expression}) only by copying the table while writes wait`;
  const way = wayOf(s, operation, why, change);
  const there = hasConstraint(table.relation, name);
  const late = place === SWAP ? "Old code may still write rows that violate it." : "Only new code knows its columns.";
  return stepWith(way.effect, context, {
    name: "add-check",
    ...limited(way),
    ...place,
    sql: [alter(table.relation, `${change}, ${way.clause}`)],
    undo: guarded(there, alter(table.relation, `${dropping(name, context)}, ${INSTANT}`)),
    probe: { sql: stateOf(there), repair: [] },
    reason: enforced ? `${late}${costOf(way, table)}` : "As written: nothing is held to it.",
  });
}

/**
 * ADD CHECK: what is NOT ENFORCED comes at once. Else the servers copy the table (measured on MySQL 9.7 and MariaDB
 * 10.11): a small one is copied in the contract, when rows that violate it have been counted.
 *
 * @throws Refusal for a table that is not small
 */
export function addCheck(detail: AddConstraint, s: Subject): Phased {
  const check = checkOf(s, detail);
  const { name, expression, enforced, columns } = check;
  const definition = `CHECK (${expression})${enforced ? "" : " NOT ENFORCED"}`;
  if (s.context.newTable) return onNewTable(s, { name, definition, drop: dropping(name, s.context) });
  if (enforced)
    for (const column of s.table.columns) refuseLeftNull({ ...s, column }, givenReader(s.context.dialect), expression);
  const place = enforced ? placeOfCheck(s, check) : EXPAND;
  const counted = enforced
    ? counting(s, {
        row: `NOT (${expression})`,
        rows: `of ${show(s.table.relation)} violate CHECK (${expression})`,
        help: "Mend these rows, or write the check so that it accepts them, and run `zmigrate apply` again.",
      })
    : [];
  return phasedOf([...counted, adding(s, check, place)], claimsOn(s.table.relation, columns, `adds the check ${name}`));
}
