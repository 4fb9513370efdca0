import type { Constraint } from "libpg-query";
import type { TableConstraint } from "../../../../model/operation.js";
import { bodies, body, strings } from "../ast.js";
import { columnsOfTree } from "../column-refs.js";
import { type Run, type Source, textOf } from "../source.js";
import { foreignKeyTarget } from "./foreign-key.js";

const KINDS: Readonly<Record<string, TableConstraint["kind"]>> = Object.freeze({
  CONSTR_PRIMARY: "primary-key",
  CONSTR_UNIQUE: "unique",
  CONSTR_CHECK: "check",
  CONSTR_FOREIGN: "foreign-key",
  CONSTR_EXCLUSION: "exclusion",
  CONSTR_NOTNULL: "not-null",
});

/** A constraint of a table as written; null for a mark that is not a constraint of its own. */
export function tableConstraint(source: Source, constraint: Constraint, run: Run): TableConstraint | null {
  const kind = KINDS[constraint.contype ?? ""];
  if (kind === undefined) return null;
  return Object.freeze({
    kind,
    name: constraint.conname ?? null,
    columns: Object.freeze(columnsOf(constraint)),
    ...(isEnforced(constraint) ? {} : { enforced: false }),
    references: kind === "foreign-key" ? foreignKeyTarget(source, constraint, run) : null,
    text: textOf(source, run),
  });
}

/** Only checks and foreign keys can be without enforcement; the tree says of no other kind that it is enforced. */
function isEnforced({ contype, is_enforced }: Constraint): boolean {
  return (contype !== "CONSTR_CHECK" && contype !== "CONSTR_FOREIGN") || is_enforced === true;
}

function columnsOf(constraint: Constraint): string[] {
  switch (constraint.contype) {
    case "CONSTR_FOREIGN":
      return strings(constraint.fk_attrs);
    case "CONSTR_CHECK":
      return columnsOfTree(constraint.raw_expr);
    case "CONSTR_EXCLUSION":
      return excludedColumns(constraint);
    default:
      return strings(constraint.keys);
  }
}

function excludedColumns(constraint: Constraint): string[] {
  const elements = (constraint.exclusions ?? []).flatMap((e) => bodies(body(e, "List")?.items, "IndexElem"));
  return [...new Set(elements.flatMap((e) => (e.name === undefined ? columnsOfTree(e.expr) : [e.name])))];
}
