import type { Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { AddColumn, ColumnDefinition } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { findTable, type StrategyContext } from "../../engine.js";
import { step } from "../../step.js";
import * as locks from "../effects/helper-statements.js";
import { generatedName, quote, quoteRelation, shortHash } from "../names.js";
import { columnsIn } from "../parse/columns.js";
import { refuseNamesOfParent } from "./constraint/names-of-parent.js";
import { addConstraint, buildIndex, hasNotNullConstraints, notNullDefinition } from "./constraints.js";
import { nameFor } from "./names-taken.js";
import { withConstraint, withTable } from "./tables.js";

/** A column that is added, with its table looked up once. */
export interface Subject {
  readonly operation: AddColumn;
  readonly context: StrategyContext;
  readonly table: Table;
  readonly relation: RelationName;
  readonly column: ColumnDefinition;
}

export const id = (s: Subject, name: string) => `${s.context.ordinal}-${name}`;

/** NOT NULL once every row has a value, without a scan under a strong lock. */
export function becomeNotNull(s: Subject): Step[] {
  const table = quoteRelation(s.relation);
  const column = quote(s.column.name);
  const native = hasNotNullConstraints(s.context.version);
  const proof = native
    ? nameFor(s.table, "not-null", [s.column.name], s.context)
    : generatedName(
        "zmigrate_new",
        `${s.column.name}_not_null`,
        shortHash(s.context.migrationId, s.relation.name, s.column.name),
      );
  const proven = addConstraint(
    id(s, "not-null"),
    {
      relation: s.relation,
      name: proof,
      definition: notNullDefinition(s.column.name, s.context.version),
      target: null,
    },
    "After the backfill no row is without a value.",
  );
  if (native) return proven;
  const settle = step({
    id: id(s, "set-not-null"),
    phase: "backfill",
    kind: "ddl",
    sql: [
      `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`,
      `ALTER TABLE ${table} DROP CONSTRAINT ${quote(proof)}`,
    ],
    locks: [locks.alterTable(s.relation)],
    reason: "The validated check proves it, so nothing is scanned; then the check is not needed any more.",
  });
  return [...proven, settle];
}

/** Checks have their names one after the other. */
function checksOf(s: Subject): Step[] {
  let { table } = s;
  return s.column.checks.flatMap((check, n) => {
    refuseNamesOfParent(s.table, check.expression);
    const columns = columnsIn(check.expression);
    const name = check.name ?? nameFor(table, "check", columns, withTable(s.context, table));
    const definition = `CHECK (${check.expression})`;
    table = withConstraint(table, { kind: "check", name, columns, definition, validated: true, index: null });
    return addConstraint(
      id(s, `check-${n + 1}`),
      { relation: s.relation, name, definition, target: null },
      "A check inside ADD COLUMN scans the table under the strongest lock.",
    );
  });
}

function foreignKeyOf(s: Subject): Step[] {
  const { column, relation } = s;
  if (column.references === null) return [];
  const { relation: named, columns, actions, constraint } = column.references;
  const target = findTable(s.context.catalog, named)?.relation ?? named;
  const list = columns.length === 0 ? "" : ` (${columns.map(quote).join(", ")})`;
  const behind = actions === "" ? "" : ` ${actions}`;
  const definition = `FOREIGN KEY (${quote(column.name)}) REFERENCES ${quoteRelation(target)}${list}${behind}`;
  const name = constraint ?? nameFor(s.table, "foreign-key", [column.name], s.context);
  return addConstraint(
    id(s, "foreign-key"),
    { relation, name, definition, target },
    "Checked apart from ADD COLUMN, so that two tables are never locked for a scan.",
  );
}

/** The constraint takes over an index that is built while the table is read and written. */
function keyOf(s: Subject, primary: boolean): Step[] {
  const { keyNames, name: column } = s.column;
  const given = primary ? keyNames?.primaryKey : keyNames?.unique;
  const kind = primary ? "primary-key" : "unique";
  const name = given ?? nameFor(s.table, kind, [column], s.context);
  const table = quoteRelation(s.relation);
  return [
    buildIndex({
      id: id(s, primary ? "primary-index" : "unique-index"),
      phase: "backfill",
      relation: s.relation,
      name,
      unique: true,
      undo: false,
      on: `${table} (${quote(column)})`,
      reason: "Built while the table is read and written.",
    }),
    step({
      id: id(s, kind),
      phase: "backfill",
      kind: "ddl",
      sql: [
        `ALTER TABLE ${table} ADD CONSTRAINT ${quote(name)} ${primary ? "PRIMARY KEY" : "UNIQUE"} USING INDEX ${quote(name)}`,
      ],
      locks: [locks.alterTable(s.relation)],
      reason: "The constraint takes the index that is there.",
    }),
  ];
}

/** What is written at the column and scans or builds: each in steps of its own. */
export function constraintsOf(s: Subject): Step[] {
  const { primaryKey, unique } = s.column;
  return [
    ...checksOf(s),
    ...foreignKeyOf(s),
    ...(primaryKey ? keyOf(s, true) : []),
    ...(unique ? keyOf(s, false) : []),
  ];
}
