import type { Table } from "../../../model/catalog.js";
import type { RenameTable } from "../../../model/detail/table.js";
import { type RelationName, show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { step } from "../../step.js";
import * as locks from "../effects/helper-statements.js";
import { quote, quoteRelation } from "../names.js";
import { storedOf } from "./objects/known.js";
import { asksInvoker, createStandIn, type StandIn } from "./stand-in.js";
import { tableOf } from "./subject.js";
import { nothing, stepOf } from "./written.js";

/** A table or view that gets another name, or stands in another schema. */
interface Renaming {
  readonly from: RelationName;
  readonly to: RelationName;
  readonly word: "TABLE" | "VIEW";
  /** What is shown under the other name meanwhile. */
  readonly standIn: StandIn;
}

function renameStatement({ from, to, word }: Renaming): string {
  const what = from.schema === to.schema ? `RENAME TO ${quote(to.name)}` : `SET SCHEMA ${quote(to.schema ?? "")}`;
  return `ALTER ${word} ${quoteRelation(from)} ${what}`;
}

const back = (r: Renaming): Renaming => ({ ...r, from: r.to, to: r.from });

/** The new name is a view of the old one, then the old one a view of the new one; between the two is one transaction. */
function stepsOf(r: Renaming, { ordinal, version }: StrategyContext): Step[] {
  const { from, to, standIn } = r;
  const drop = (view: RelationName) => `DROP VIEW ${quoteRelation(view)}`;
  const newName = createStandIn(to, from, standIn, version);
  const oldName = createStandIn(from, to, standIn, version);
  return [
    step({
      id: `${ordinal}-view`,
      phase: "expand",
      kind: "ddl",
      sql: newName,
      undo: [`DROP VIEW IF EXISTS ${quoteRelation(to)}`],
      reason: `New code reads and writes ${show(to)}, which is a view of ${show(from)} until the swap. Running code is not touched.`,
    }),
    step({
      id: `${ordinal}-swap`,
      phase: "contract",
      stage: "swap",
      kind: "ddl",
      sql: [drop(to), renameStatement(r), ...oldName],
      undo: [drop(from), renameStatement(back(r)), ...newName],
      locks: [locks.alterTable(from), locks.alterTable(to)],
      reason: `In one transaction: the ${r.word.toLowerCase()} is ${show(to)}, and stragglers find it as the view ${show(from)}.`,
    }),
    step({
      id: `${ordinal}-drop`,
      phase: "contract",
      stage: "drop",
      kind: "ddl",
      final: false,
      sql: [drop(from)],
      undo: oldName,
      locks: [locks.alterTable(from)],
      reason: `Nobody names ${show(from)} any more. No row is lost with the view.`,
    }),
  ];
}

const CANNOT =
  "COPY ... FROM, TRUNCATE, ON CONFLICT ON CONSTRAINT, FOREIGN KEY, ctid, GROUP BY the primary key alone, and functions that take the table's name as text (pg_get_serial_sequence, nextval's owner)";

function notesOf({ from, to }: Renaming, context: StrategyContext): string[] {
  return [
    `Until the swap ${show(to)} is a view, and from then on ${show(from)}: it takes SELECT, INSERT, UPDATE, DELETE, MERGE, RETURNING and ON CONFLICT (columns). It does not take ${CANNOT}: new code must not use those before the swap, nor old code after it.`,
    `Constraints, indexes, sequences, triggers, policies and foreign keys stay with the table under the names that they have.`,
    ...(asksInvoker(context.version)
      ? []
      : [
          `Before PostgreSQL 15 a view asks for the rights of its owner: the role that runs this must be allowed what its users do with ${show(from)}.`,
        ]),
  ];
}

/** Its steps, and what nothing else may touch meanwhile. */
function phased(r: Renaming, context: StrategyContext, more: readonly string[]): Phased {
  const change = `renames ${r.from.name} to ${r.to.name}`;
  return {
    steps: stepsOf(r, context),
    retires: [],
    gates: [],
    notes: [...notesOf(r, context), ...more],
    retiredTables: [{ relation: r.from, parked: null, replacement: r.to.name, standIn: r.to }],
    claims: [r.from, r.to].map((relation) => ({ relation, name: null, change, shown: true })),
  };
}

function refuse(table: Table, to: RelationName, context: StrategyContext): void {
  if (findTable(context.catalog, to) !== null)
    throw new Refusal(
      `There is a table ${show(to)} already.`,
      "Choose another name, or drop this statement if it was renamed by hand.",
    );
  const policy = table.dependents.find((d) => d.kind === "policy");
  if (policy !== undefined && !asksInvoker(context.version))
    throw new Refusal(
      `${show(table.relation)} has the policy ${policy.name}, and before PostgreSQL 15 a view does not ask who reads it: it would show every row.`,
      "Rename it in a maintenance window, or after an update to PostgreSQL 15.",
    );
}

/** @throws Refusal when the new name is taken, or a view would show what policies hide */
export function renameTable(detail: RenameTable, operation: OtherOperation, context: StrategyContext): Phased {
  const { relation } = operation;
  if (relation === null) throw new Refusal("The table is not named.", "Name it.");
  if (detail.ifExists && context.catalog.complete && findTable(context.catalog, relation) === null)
    return nothing(`There is no table ${show(relation)}: IF EXISTS has nothing to do.`);
  const table = tableOf(relation, context);
  const to = { schema: detail.to.schema ?? table.relation.schema, name: detail.to.name };
  refuse(table, to, context);
  const standIn = { columns: table.columns, grants: table.grants ?? [] };
  const r: Renaming = { from: table.relation, to, word: "TABLE", standIn };
  if (context.newTable) return plainly(r, operation, context);
  const unseen =
    table.grants === undefined
      ? [
          `Which rights on ${show(table.relation)} there are, the files do not tell: with --database-url the plan gives them to the view.`,
        ]
      : [];
  return phased(r, context, unseen);
}

function plainly(r: Renaming, operation: OtherOperation, context: StrategyContext): Phased {
  const made = stepOf(operation, context, {
    name: "rename",
    sql: [renameStatement(r)],
    undo: [renameStatement(back(r))],
    reason: "The table is new in this release, so no running code knows it: it is renamed at once.",
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}

/** A view is renamed as a table is. @throws Refusal when its columns are not known */
export function renameView(from: RelationName, name: string, context: StrategyContext): Phased {
  const stored = storedOf({ object: "view", name: from, on: null }, context);
  if (stored === null || stored.columns.length === 0)
    throw new Refusal(
      `What the view ${show(from)} looks like is not known from the migration files.`,
      "Give `--database-url`, so that the plan can be made from the real schema.",
    );
  const grants = (stored.grants ?? []).map((grant) => grant.replace("%object%", "%table%"));
  const standIn = { columns: stored.columns.map((c) => ({ name: c, grants: [] })), grants };
  return phased({ from, to: { ...from, name }, word: "VIEW", standIn }, context, []);
}
