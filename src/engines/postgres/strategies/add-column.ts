import type { Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { AddColumn, ColumnDefinition } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { step } from "../../step.js";
import { defaultOf } from "../effects/domain-default.js";
import * as locks from "../effects/helper-statements.js";
import { postgresEffects } from "../effects/index.js";
import { typeFacts } from "../effects/types.js";
import { quote, quoteRelation } from "../names.js";
import { addCounted } from "./add-counted-column.js";
import { becomeNotNull, constraintsOf, id, type Subject } from "./column-constraints.js";
import { mustBeFree, mustBePlain, mustTakeUpdates, tableOf } from "./subject.js";
import { writtenValue } from "./written-value.js";

/** @param column with its domain's default, where it has none of its own */
function refuseWhatIsMissing(column: ColumnDefinition, table: Table): void {
  const where = `${show(table.relation)}.${column.name}`;
  const key = table.constraints.find((c) => c.kind === "primary-key");
  if (column.primaryKey && key !== undefined)
    throw new Refusal(
      `${where} would become a second primary key beside ${key.name} (${key.columns.join(", ")}).`,
      "Add the column alone, and exchange the keys in a later migration.",
    );
  if (column.generated?.kind === "stored")
    throw new Refusal(
      `${where} is STORED: adding it rewrites the table under a lock.`,
      "Make it VIRTUAL (PostgreSQL 18), or add a plain column.",
    );
  const counted = column.autoIncrement || column.identity !== null;
  if ((column.notNull || column.primaryKey) && column.default === null && column.generated === null && !counted)
    throw new Refusal(
      `${where} is NOT NULL without a default: it fails on a table with rows, and old code's INSERT fails after it.`,
      `Write \`ADD COLUMN ${quote(column.name)} ${column.type} NOT NULL DEFAULT ...\`, or leave NOT NULL out.`,
    );
}

/** Everything of the definition that is free: what scans or builds comes in steps of its own. */
function plainDefinition(s: Subject, withDefault: boolean): string {
  const { column } = s;
  const collate = column.collation === null ? "" : ` COLLATE ${quote(column.collation)}`;
  const generated = column.generated === null ? "" : ` GENERATED ALWAYS AS (${column.generated.expression}) VIRTUAL`;
  const required = column.default !== null && column.notNull ? " NOT NULL" : "";
  const value = withDefault
    ? `${writtenDefault(s) === null ? "" : ` DEFAULT ${writtenDefault(s)}`}${required}`
    : emptyAtFirst(s);
  return `${quote(column.name)} ${column.type}${collate}${generated}${value}`;
}

/** The default that the file says, and not the domain's. */
const writtenDefault = (s: Subject): string | null => s.operation.column.default;

/** A domain gives the rows that are there its own default, unless the column has one. */
const emptyAtFirst = ({ column, context }: Subject): string =>
  typeFacts(column.type, context.catalog).base ? "" : " DEFAULT NULL";

function add(s: Subject, withDefault: boolean, reason: string): Step {
  const table = quoteRelation(s.relation);
  const change = writtenDefault(s) === null ? "DROP DEFAULT" : `SET DEFAULT ${writtenDefault(s)}`;
  const own =
    withDefault || s.column.default === null
      ? []
      : [`ALTER TABLE ${table} ALTER COLUMN ${quote(s.column.name)} ${change}`];
  const { relation, column } = s;
  const written = writtenValue(column, withDefault ? relation : null);
  return step({
    id: id(s, "add-column"),
    phase: "expand",
    kind: "ddl",
    sql: [`ALTER TABLE ${table} ADD COLUMN ${plainDefinition(s, withDefault)}`, ...own],
    undo: [`ALTER TABLE ${table} DROP COLUMN IF EXISTS ${quote(s.column.name)}`],
    locks: [locks.alterTable(s.relation)],
    ...(written === null ? {} : { adds: { relation, column: column.name, ...written } }),
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
    ...(s.column.notNull || s.column.primaryKey ? becomeNotNull(s) : []),
  ];
}

/** A table that no running code knows takes the column as it is written. */
function addAtOnce({ column }: AddColumn, table: Table, { ordinal }: StrategyContext): Phased {
  const relation = quoteRelation(table.relation);
  const made = step({
    id: `${ordinal}-add-column`,
    phase: "expand",
    kind: "ddl",
    sql: [`ALTER TABLE ${relation} ADD COLUMN ${column.text}`],
    undo: [`ALTER TABLE ${relation} DROP COLUMN IF EXISTS ${quote(column.name)}`],
    locks: [locks.alterTable(table.relation)],
    reason: "The table is new in this release, so no running code knows it: the column is added at once.",
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}

/** A column with a constant or stable default, or none, is one catalog change; a volatile one is filled in batches. */
export function addColumn(operation: AddColumn, context: StrategyContext): Phased {
  const table = tableOf(operation.relation, context);
  const column = { ...operation.column, default: defaultOf(operation.column, context.catalog) };
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
  if (context.newTable) return addAtOnce(operation, table, context);
  refuseWhatIsMissing(column, table);
  const s: Subject = { operation, context, table, relation: table.relation, column };
  if (column.autoIncrement || column.identity !== null) return addCounted(s);
  const bare: AddColumn = {
    ...operation,
    column: { ...operation.column, checks: [], references: null, unique: false, primaryKey: false },
  };
  const rewrites = postgresEffects(bare, context).rewrite;
  const { base, free } = typeFacts(column.type, context.catalog);
  if (rewrites && (column.default === null || !(base || free)))
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
