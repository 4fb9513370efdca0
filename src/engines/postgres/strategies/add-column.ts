import type { Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { AddColumn, ColumnDefinition } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { step } from "../../step.js";
import * as locks from "../effects/helper-statements.js";
import { postgresEffects } from "../effects/index.js";
import { generatedName, quote, quoteRelation, shortHash } from "../names.js";
import { addConstraint, buildIndex, hasNotNullConstraints, notNullDefinition } from "./constraints.js";
import { mustBeFree, mustBePlain, mustTakeUpdates, show, tableOf } from "./subject.js";
import { writtenValue } from "./written-value.js";

interface Subject {
  readonly operation: AddColumn;
  readonly context: StrategyContext;
  readonly table: Table;
  readonly relation: RelationName;
  readonly column: ColumnDefinition;
}

const id = (s: Subject, name: string) => `${s.context.ordinal}-${name}`;

/** PostgreSQL's own choice of a name: `users_email_key`, cut so that it fits. */
function constraintName(s: Subject, label: string): string {
  const plain = `${s.relation.name}_${s.column.name}_${label}`;
  return Buffer.byteLength(plain) <= 63 ? plain : generatedName(label, s.column.name, shortHash(plain));
}

function refuseWhatIsMissing(column: ColumnDefinition, table: Table): void {
  const where = `${show(table.relation)}.${column.name}`;
  if (column.autoIncrement || column.identity !== null)
    throw new Refusal(
      `${where} would take its values from a sequence, which rewrites the table; adding such a column in phases is not supported yet.`,
      "Add a plain bigint column without a default.",
    );
  if (column.primaryKey)
    throw new Refusal(
      `${where} would become the primary key of a table with rows; that is not supported yet.`,
      "Add the column first and the key in a later migration.",
    );
  if (column.generated?.kind === "stored")
    throw new Refusal(
      `${where} is STORED: adding it rewrites the table under a lock.`,
      "Make it VIRTUAL (PostgreSQL 18), or add a plain column.",
    );
  if (column.notNull && column.default === null && column.generated === null)
    throw new Refusal(
      `${where} is NOT NULL without a default: it fails on a table with rows, and old code's INSERT fails after it.`,
      `Write \`ADD COLUMN ${quote(column.name)} ${column.type} NOT NULL DEFAULT ...\`, or leave NOT NULL out.`,
    );
}

/** Everything of the definition that is free: what scans or builds comes in steps of its own. */
function plainDefinition(s: Subject, withDefault: boolean): string {
  const { column } = s;
  const collate = column.collation === null ? "" : ` COLLATE ${column.collation}`;
  const generated = column.generated === null ? "" : ` GENERATED ALWAYS AS (${column.generated.expression}) VIRTUAL`;
  const value =
    withDefault && column.default !== null ? ` DEFAULT ${column.default}${column.notNull ? " NOT NULL" : ""}` : "";
  return `${quote(column.name)} ${column.type}${collate}${generated}${value}`;
}

function add(s: Subject, withDefault: boolean, reason: string): Step {
  const table = quoteRelation(s.relation);
  const own =
    withDefault || s.column.default === null
      ? []
      : [`ALTER TABLE ${table} ALTER COLUMN ${quote(s.column.name)} SET DEFAULT ${s.column.default}`];
  const { relation, column } = s;
  const written = writtenValue(column);
  return step({
    id: id(s, "add-column"),
    phase: "expand",
    kind: "ddl",
    sql: [`ALTER TABLE ${table} ADD COLUMN ${plainDefinition(s, withDefault)}`, ...own],
    undo: [`ALTER TABLE ${table} DROP COLUMN IF EXISTS ${quote(s.column.name)}`],
    locks: [locks.alterTable(s.relation)],
    ...(written === null ? {} : { adds: { relation, column: column.name, written } }),
    reason,
  });
}

/** A default that is computed per row would rewrite the table: new rows get it at once, old ones in batches. */
function fillDefault(s: Subject): Step[] {
  const column = quote(s.column.name);
  const batch = s.context.batch;
  return [
    step({
      id: id(s, "backfill"),
      phase: "backfill",
      kind: "backfill",
      backfill: {
        relation: s.relation,
        set: `${column} = ${s.column.default ?? "NULL"}`,
        where: `${column} IS NULL`,
        key: batch?.key == null ? null : [batch.key],
        rows: batch?.rows ?? null,
        targetMs: batch?.targetMs ?? null,
      },
      reason: "Gives the rows that were there before their value, in batches.",
    }),
    ...(s.column.notNull ? becomeNotNull(s) : []),
  ];
}

function becomeNotNull(s: Subject): Step[] {
  const table = quoteRelation(s.relation);
  const column = quote(s.column.name);
  const native = hasNotNullConstraints(s.context.version);
  const proof = native
    ? constraintName(s, "not_null")
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

function constraintsOf(s: Subject): Step[] {
  const { column, relation } = s;
  const steps = column.checks.flatMap((check, n) =>
    addConstraint(
      id(s, `check-${n + 1}`),
      {
        relation,
        name: check.name ?? constraintName(s, n === 0 ? "check" : `check${n}`),
        definition: `CHECK (${check.expression})`,
        target: null,
      },
      "A check inside ADD COLUMN scans the table under the strongest lock.",
    ),
  );
  if (column.references !== null) {
    const { relation: named, columns, actions, constraint } = column.references;
    const target = findTable(s.context.catalog, named)?.relation ?? named;
    const list = columns.length === 0 ? "" : ` (${columns.map(quote).join(", ")})`;
    steps.push(
      ...addConstraint(
        id(s, "foreign-key"),
        {
          relation,
          name: constraint ?? constraintName(s, "fkey"),
          definition: `FOREIGN KEY (${quote(column.name)}) REFERENCES ${quoteRelation(target)}${list}${actions === "" ? "" : ` ${actions}`}`,
          target,
        },
        "Checked apart from ADD COLUMN, so that two tables are never locked for a scan.",
      ),
    );
  }
  if (column.unique) steps.push(...uniqueOf(s));
  return steps;
}

function uniqueOf(s: Subject): Step[] {
  const name = constraintName(s, "key");
  const table = quoteRelation(s.relation);
  return [
    buildIndex({
      id: id(s, "unique-index"),
      phase: "backfill",
      relation: s.relation,
      name,
      unique: true,
      undo: false,
      on: `${table} (${quote(s.column.name)})`,
      reason: "Built while the table is read and written.",
    }),
    step({
      id: id(s, "unique"),
      phase: "backfill",
      kind: "ddl",
      sql: [`ALTER TABLE ${table} ADD CONSTRAINT ${quote(name)} UNIQUE USING INDEX ${quote(name)}`],
      locks: [locks.alterTable(s.relation)],
      reason: "The constraint takes the index that is there.",
    }),
  ];
}

/** A column with a constant or stable default, or none, is one catalog change; a volatile one is filled in batches. */
export function addColumn(operation: AddColumn, context: StrategyContext): Phased {
  const table = tableOf(operation.relation, context);
  const { column } = operation;
  if (operation.ifNotExists && table.columns.some((c) => c.name === column.name))
    return {
      steps: [],
      retires: [],
      gates: [],
      notes: [
        `${show(table.relation)}.${column.name} exists already: IF NOT EXISTS leaves it as it is, whatever its type.`,
      ],
    };
  mustBeFree(table, column.name);
  refuseWhatIsMissing(column, table);
  const s: Subject = { operation, context, table, relation: table.relation, column };
  const bare: AddColumn = { ...operation, column: { ...column, checks: [], references: null, unique: false } };
  const rewrites = postgresEffects(bare, context).rewrite;
  if (rewrites && column.default === null)
    throw new Refusal(
      `Adding ${column.name} of type ${column.type} rewrites ${show(table.relation)} under a lock.`,
      "Use the domain's base type and a check.",
    );
  if (rewrites) mustTakeUpdates(table);
  const steps = rewrites
    ? [
        add(
          s,
          false,
          "Without a value for the rows that are there, nothing is rewritten; new rows get the default from now on.",
        ),
        ...fillDefault(s),
        ...constraintsOf(s),
      ]
    : [add(s, true, "Only the catalog changes: old rows take the default when they are read."), ...constraintsOf(s)];
  if (steps.length > 1) mustBePlain(table, "adding a column in several steps");
  return { steps, retires: [], gates: [], notes: [] };
}
