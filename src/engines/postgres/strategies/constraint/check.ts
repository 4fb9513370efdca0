import type { Node } from "libpg-query";
import type { Constraint } from "../../../../model/catalog.js";
import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { show } from "../../../../model/name.js";
import type { Phased } from "../../../engine.js";
import { refuseLeftNull } from "../../../fill-from-update.js";
import { BACKFILL, type Place, SWAP } from "../../../place.js";
import { constraintTree, expressionTree } from "../../effects/trees.js";
import { contains } from "../../parse/ast.js";
import { GIVEN } from "../fill-from-update.js";
import { nameFor } from "../names-taken.js";
import { addedColumns, leftOut } from "../place.js";
import { asIs } from "./as-is.js";
import { refuseNamesOfParent } from "./names-of-parent.js";
import { addingInTwo, claimsOn, type Subject } from "./steps.js";
import { counting } from "./verify.js";

/** What may be true or false where every column is NULL. An operator and a cast are NULL then, and a check accepts that. */
const SEES_NULL: ReadonlySet<string> = new Set([
  "NullTest",
  "BooleanTest",
  "CaseExpr",
  "CoalesceExpr",
  "MinMaxExpr",
  "FuncCall",
  "SubLink",
  "RowExpr",
  "A_ArrayExpr",
  "XmlExpr",
  "JsonIsPredicate",
]);

/** Whether a check accepts a row in which all of its columns are NULL, as far as its text tells. */
function acceptsNull(tree: Node | null): boolean {
  if (tree === null || contains(tree, SEES_NULL)) return false;
  const text = JSON.stringify(tree);
  return !text.includes('"boolval"') && !text.includes("AEXPR_DISTINCT") && !text.includes("AEXPR_NOT_DISTINCT");
}

/** Code that does not know the columns leaves them out: if that satisfies the check, nothing waits for the contract. */
function placeOf(s: Subject, columns: readonly string[], expression: string): Place {
  const added = addedColumns(s.table, s.context);
  const news = columns.flatMap((c) => added.get(c) ?? []);
  if (columns.length === 0 || news.length < columns.length) return SWAP;
  if (news.every((c) => leftOut(c) !== "null")) return BACKFILL;
  return news.every((c) => leftOut(c) === "null") && acceptsNull(expressionTree(expression)) ? BACKFILL : SWAP;
}

function checkOf(s: Subject, detail: AddConstraint): Constraint {
  const { constraint, expression, enforced } = detail;
  const { columns } = constraint;
  const inherit = constraintTree(constraint.text)?.is_no_inherit === true ? " NO INHERIT" : "";
  return {
    kind: "check",
    name: constraint.name ?? nameFor(s.table, "check", columns, s.context),
    columns,
    definition: `CHECK (${expression})${inherit}${enforced ? "" : " NOT ENFORCED"}`,
    validated: true,
    index: null,
  };
}

/** Whether a check says nothing of the rows of children. */
export const isOwn = ({ definition }: Pick<Constraint, "definition">): boolean =>
  / NO INHERIT(?: NOT (?:VALID|ENFORCED))*$/.test(definition);

/**
 * ADD CHECK: rows that violate it are counted first; then NOT VALID and VALIDATE, once no old code writes any more.
 *
 * @throws Refusal
 */
export function addCheck(detail: AddConstraint, s: Subject): Phased {
  const check = checkOf(s, detail);
  const expression = detail.expression ?? "";
  if (!isOwn(check)) refuseNamesOfParent(s.table, expression);
  if (detail.enforced && detail.validated)
    for (const column of s.table.columns) refuseLeftNull({ ...s, column }, GIVEN, expression);
  const place = placeOf(s, check.columns, expression);
  if (!detail.enforced || !detail.validated) return asIs(detail, s, check, place);
  const what = `CHECK (${detail.expression})`;
  const strict = place === SWAP ? "Old code may still write rows that violate it, so it waits for the contract." : "";
  return {
    steps: [
      ...counting(s, {
        row: `NOT (${detail.expression})`,
        rows: `of ${show(s.table.relation)} violate ${what}`,
        help: "Mend these rows, or write the check so that it accepts them, and run `zmigrate apply` again.",
        below: !isOwn(check),
      }),
      ...addingInTwo(s, "add-check", check, detail, place, strict === "" ? "Only new code knows its columns." : strict),
    ],
    retires: [],
    claims: claimsOn(s.table.relation, check.columns, `adds the check ${check.name}`),
    gates: [],
    notes: [],
  };
}
