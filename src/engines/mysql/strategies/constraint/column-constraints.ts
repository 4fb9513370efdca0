import type { Table } from "../../../../model/catalog.js";
import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { show } from "../../../../model/name.js";
import type { AddColumn, CreateIndex, OtherOperation, TableConstraint } from "../../../../model/operation.js";
import type { Step } from "../../../../model/step.js";
import { type Phased, Refusal } from "../../../engine.js";
import { enforcesInlineReferences } from "../../effects/server.js";
import { quote } from "../../names.js";
import { addConstraint } from "../add-constraint.js";
import type { MysqlContext } from "../algorithms.js";
import { createIndex } from "../create-index.js";
import { leftOut } from "../place.js";
import { withColumn } from "./bare-column.js";
import { columnCheck } from "./column-check.js";

/** The column as it is being added, with its table, which has it already. */
interface Growing {
  readonly operation: AddColumn;
  readonly context: MysqlContext;
  readonly table: Table;
}

function adding({ operation }: Growing, constraint: TableConstraint, expression: string | null): OtherOperation {
  const { relation, span } = operation;
  const enforced = constraint.enforced ?? true;
  const said = { expression, enforced, validated: true, usingIndex: null, ifNotExists: false } as const;
  const detail: AddConstraint = { kind: "add-constraint", constraint, ...said };
  return { kind: "other", what: `add-${constraint.kind}`, harmless: false, relation, span, detail };
}

function planned(g: Growing, operation: OtherOperation): Phased {
  const { detail } = operation;
  if (detail?.kind !== "add-constraint") throw new Refusal("The constraint cannot be read.", "Write it apart.");
  return addConstraint(detail, operation, g.context);
}

function uniqueOf(g: Growing): Phased {
  const { relation, span, column } = g.operation;
  if (leftOut(column) === "constant")
    throw new Refusal(
      `Adding ${column.name} as UNIQUE: every row of ${show(relation)} gets the same value, and so does every row that old code writes (error 1062).`,
      "Add it nullable and without a default, or give the rows their values in a migration before ADD UNIQUE.",
    );
  const name = quote(column.name);
  const nothing = { name: null, concurrently: false, ifNotExists: false, method: null, where: null, only: false };
  const index: CreateIndex = {
    kind: "create-index",
    relation,
    span,
    unique: true,
    ...nothing,
    keys: [{ column: column.name, text: name }],
    definition: `(${name})`,
  };
  return createIndex(index, g.context);
}

function referenceOf(g: Growing): Phased {
  const { column } = g.operation;
  const { context } = g;
  const { references } = column;
  if (references === null) return { steps: [], retires: [], gates: [], notes: [] };
  if (!enforcesInlineReferences(context))
    throw new Refusal(
      `MySQL before 9.0 reads REFERENCES at ${column.name} and ignores it in silence.`,
      `Write the column alone, and ADD FOREIGN KEY (${column.name}) behind it.`,
    );
  const text = `FOREIGN KEY (${quote(column.name)}) REFERENCES`;
  const { constraint: name } = references;
  return planned(g, adding(g, { kind: "foreign-key", name, columns: [column.name], references, text }, null));
}

/** MariaDB keeps a column's CHECK in its definition, MySQL among the table's. */
function checkOf(g: Growing, check: AddColumn["column"]["checks"][number], lent: string | null): Phased {
  if (g.context.dialect === "mariadb") return columnCheck(g, check.expression, lent);
  const enforced = check.enforced === false ? { enforced: false } : {};
  const text = `CHECK (${check.expression})`;
  const said = { kind: "check", name: check.name, columns: [], references: null, text, ...enforced } as const;
  return planned(g, adding(g, said, check.expression));
}

/** Steps of parts of one operation are told apart by the part. */
const named = (part: string, phased: Phased): Phased => ({
  ...phased,
  steps: phased.steps.map((s): Step => ({ ...s, id: s.id.replace(/^(\d+)-/, `$1-${part}-`) })),
});

/**
 * What is written at a column that is added and is a constraint of its own, planned as if it were added behind it.
 *
 * @param lent the default that the column has only until old code is gone
 * @throws Refusal
 */
export function columnConstraints(
  operation: AddColumn,
  table: Table,
  context: MysqlContext,
  lent: string | null,
): readonly Phased[] {
  const { column } = operation;
  const g: Growing = { operation, ...withColumn(table, column, context) };
  return [
    ...(column.unique ? [named("unique", uniqueOf(g))] : []),
    ...column.checks.map((check, n) => named(`check-${n + 1}`, checkOf(g, check, lent))),
    ...(column.references === null ? [] : [named("reference", referenceOf(g))]),
  ];
}
