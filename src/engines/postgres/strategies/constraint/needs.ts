import type { Constraint } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import type { UndoNeeds, VerifyWork } from "../../../../model/step.js";
import { findTable } from "../../../engine.js";
import { constraintTree } from "../../effects/trees.js";
import { quote } from "../../names.js";
import { relationOf, strings } from "../../parse/ast.js";
import { renameColumnInExpression } from "../../parse/columns.js";
import { isDivided } from "../tables.js";
import { isOwn } from "./check.js";
import { orphan } from "./foreign-key.js";
import { alter, type Subject } from "./steps.js";
import { meant } from "./verify.js";

/** A table that a rule belongs to, and what is there beside it. */
type Place = Pick<Subject, "context" | "table">;

const CHECK = /^CHECK \((.*)\)(?: NO INHERIT)?$/s;

/** A row that a foreign key of the catalog does not let through; null where that cannot be said. */
function orphaned(s: Place, constraint: Constraint): string | null {
  const tree = constraintTree(constraint.definition);
  if (tree?.pktable === undefined) return null;
  const target = relationOf(tree.pktable);
  const named = strings(tree.pk_attrs);
  const key = findTable(s.context.catalog, target)?.constraints.find((c) => c.kind === "primary-key");
  return orphan(s, {
    constraint,
    target,
    targetColumns: named.length > 0 ? named : (key?.columns ?? null),
    full: tree.fk_matchtype === "f",
    temporal: tree.fk_with_period === true,
  });
}

/** Columns that are parked by then are found by their names in quotes. */
const quoted = (expression: string, { columns }: Constraint): string =>
  columns.reduce((text, column) => renameColumnInExpression(text, column, column), expression);

function verifyOf(s: Place, constraint: Constraint): VerifyWork | null {
  const { name, definition, kind } = constraint;
  const expression = kind === "check" ? CHECK.exec(definition)?.[1] : undefined;
  const row = expression === undefined ? orphaned(s, constraint) : `NOT (${quoted(expression, constraint)})`;
  if (row === null) return null;
  const { relation } = s.table;
  return {
    relation,
    mismatch: row,
    ...meant(s.table, kind === "check" ? !isOwn(constraint) : isDivided(s.table)),
    violation: {
      rows: `of ${show(relation)} violate ${name}: ${definition}`,
      help: "Mend these rows, and run `zmigrate rollback` again.",
    },
  };
}

/** What a check or a foreign key that comes back asks of the rows. One that was not validated asks nothing of them. */
export function needsRule(s: Place, constraint: Constraint): UndoNeeds {
  return {
    verify: constraint.validated ? verifyOf(s, constraint) : null,
    cleanup: [alter(s.table, `DROP CONSTRAINT IF EXISTS ${quote(constraint.name)}`)],
  };
}
