import type { Constraint } from "libpg-query";
import type { ConstraintDetail } from "../../../../../model/operation-detail.js";
import { body } from "../../ast.js";
import { bracketed, findKeyword, type Run, type Source, textOf, tokenAt } from "../../source.js";
import { tableConstraint } from "../table-constraint.js";
import type { Command, CommandReader } from "./command.js";

/** Changes of constraints by their name in PostgreSQL's grammar. */
export const CONSTRAINT_READERS: Readonly<Record<string, CommandReader>> = Object.freeze({
  AT_AddConstraint: addConstraint,
  AT_DropConstraint: dropConstraint,
  AT_AlterConstraint: alterConstraint,
  AT_ValidateConstraint: validateConstraint,
});

function addConstraint({ command, source, run }: Command): ConstraintDetail | null {
  const written = body(command.def, "Constraint");
  if (written?.location === undefined) return null;
  const own = { from: tokenAt(source.tokens, source.at(written.location)), to: run.to };
  const constraint = tableConstraint(source, written, own);
  if (constraint === null) return null;
  return {
    kind: "add-constraint",
    constraint,
    expression: expressionOf(source, written, own),
    enforced: constraint.enforced ?? true,
    validated: written.skip_validation !== true,
    usingIndex: written.indexname ?? null,
    ifNotExists: false,
  };
}

/** What stands in the brackets of CHECK and EXCLUDE. */
function expressionOf(source: Source, { contype }: Constraint, run: Run): string | null {
  if (contype !== "CONSTR_CHECK" && contype !== "CONSTR_EXCLUSION") return null;
  const inside = bracketed(source, run);
  return inside === null ? null : textOf(source, inside);
}

function dropConstraint({ command }: Command): ConstraintDetail {
  return {
    kind: "drop-constraint",
    constraint: null,
    name: command.name ?? "",
    ifExists: command.missing_ok ?? false,
    cascade: command.behavior === "DROP_CASCADE",
  };
}

function validateConstraint({ command }: Command): ConstraintDetail {
  return { kind: "validate-constraint", name: command.name ?? "" };
}

function alterConstraint({ command, source, run }: Command): ConstraintDetail | null {
  const altered = body(command.def, "ATAlterConstraint");
  // ALTER CONSTRAINT name, and what is set behind it.
  const keyword = findKeyword(source, run, "CONSTRAINT");
  if (altered === null || keyword === null) return null;
  return {
    kind: "alter-constraint",
    name: altered.conname ?? "",
    enforced: altered.alterEnforceability === true ? altered.is_enforced === true : null,
    actions: keyword + 2 < run.to ? textOf(source, { from: keyword + 2, to: run.to }) : "",
  };
}
