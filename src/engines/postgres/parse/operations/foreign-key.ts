import type { Constraint } from "libpg-query";
import type { ForeignKeyTarget } from "../../../../model/operation.js";
import { relationOf, strings } from "../ast.js";
import { behindName, closingBracket, findKeyword, type Run, type Source, textOf } from "../source.js";

/** What a REFERENCES clause says. `run` is the constraint that holds it. */
export function foreignKeyTarget(source: Source, constraint: Constraint, run: Run): ForeignKeyTarget {
  return Object.freeze({
    constraint: constraint.conname ?? null,
    relation: relationOf(constraint.pktable ?? {}),
    columns: Object.freeze(strings(constraint.pk_attrs)),
    actions: actionsOf(source, run),
  });
}

function actionsOf(source: Source, run: Run): string {
  const keyword = findKeyword(source, run, "REFERENCES");
  if (keyword === null) return "";
  const behind = behindName(source, keyword + 1);
  const hasColumns = behind < run.to && source.tokens[behind]?.text === "(";
  const from = hasColumns ? closingBracket(source, behind, run.to) + 1 : behind;
  return from >= run.to ? "" : textOf(source, { from, to: run.to });
}
