import type { StoredObject, Table } from "../../../model/catalog.js";
import type { RenameTable } from "../../../model/detail/table.js";
import { type RelationName, show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased, Refusal, type StrategyContext, sameRelation } from "../../engine.js";
import { tablesNamed } from "../../rights.js";
import { step } from "../../step.js";
import * as locks from "../effects/helper-statements.js";
import { quote, quoteRelation } from "../names.js";
import { storedOf } from "./objects/known.js";
import { asksInvoker, createStandIn, readsSomeOnly, type StandIn } from "./stand-in.js";
import { tableOf } from "./subject.js";
import { isAtLeast } from "./versions.js";
import { nothing, stepOf } from "./written.js";

/** A table or view that gets another name, or stands in another schema. */
interface Renaming {
  readonly from: RelationName;
  readonly to: RelationName;
  /** What is shown under the other name meanwhile. */
  readonly standIn: StandIn;
}

function renameStatement({ from, to, standIn }: Renaming): string {
  const what = from.schema === to.schema ? `RENAME TO ${quote(to.name)}` : `SET SCHEMA ${quote(to.schema ?? "")}`;
  return `ALTER ${standIn.of} ${quoteRelation(from)} ${what}`;
}

const back = (r: Renaming): Renaming => ({ ...r, from: r.to, to: r.from });

/** The new name is a view of the old one, then the old one a view of the new one; between the two is one transaction. */
function stepsOf(r: Renaming, { ordinal, version }: StrategyContext): Step[] {
  const { from, to, standIn } = r;
  // One that somebody has dropped by hand is as good as dropped.
  const drop = (view: RelationName) => `DROP VIEW IF EXISTS ${quoteRelation(view)}`;
  const newName = createStandIn(to, from, standIn, version);
  const oldName = createStandIn(from, to, standIn, version);
  return [
    step({
      id: `${ordinal}-view`,
      phase: "expand",
      kind: "ddl",
      sql: newName,
      undo: [drop(to)],
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
      reason: `In one transaction: the ${standIn.of.toLowerCase()} is ${show(to)}, and stragglers find it as the view ${show(from)}.`,
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
  "COPY ... FROM, TRUNCATE, TABLESAMPLE, ON CONFLICT ON CONSTRAINT, FOREIGN KEY, system columns (ctid, xmin, tableoid), GROUP BY the primary key alone, an UPDATE that sets an identity or generated column to DEFAULT, and functions that take the table's name as text (pg_get_serial_sequence, nextval's owner)";

/** Who reads the view, where it does not ask for the rights of who does. */
function notesOnRights({ from, standIn }: Renaming, { version }: StrategyContext): string[] {
  if (asksInvoker(version, standIn)) return [];
  const why = asksInvoker(version)
    ? `Roles may read single columns of ${show(from)}, so the view`
    : "Before PostgreSQL 15 a view";
  const hides =
    standIn.of === "TABLE"
      ? " Row security must stay off meanwhile: the view would show no row to those whom it is for."
      : "";
  return [
    `${why} asks for the rights of its owner, and has the same rights as ${show(from)} has now: one that is given or taken by hand is to be on both.${hides}`,
  ];
}

function notesOf(r: Renaming, context: StrategyContext): string[] {
  const { from, to } = r;
  const merge = isAtLeast(context.version, 17) ? "MERGE, " : "";
  return [
    `Until the swap ${show(to)} is a view, and from then on ${show(from)}: it takes SELECT, INSERT, UPDATE, DELETE, ${merge}RETURNING and ON CONFLICT (columns). It does not take ${merge === "" ? "MERGE (before 17), " : ""}${CANNOT}: new code must not use those before the swap, nor old code after it.`,
    `Constraints, indexes, sequences, triggers, policies and foreign keys stay with the table under the names that they have.`,
    ...notesOnRights(r, context),
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
    claims: [r.from, r.to].map((relation) => ({ relation, name: null, change, shown: true, called: true })),
  };
}

/** A policy of the table, or one that the file makes, or its row security, in words; null where there is none. */
function rowSecurityOf({ relation, dependents }: Table, to: RelationName, context: StrategyContext): string | null {
  const { catalog, file } = context;
  const isOn = (name: RelationName | null) =>
    name !== null && [relation, to].some((own) => sameRelation(own, name, catalog.defaultSchema));
  const stored = (catalog.objects ?? []).find((o) => o.object === "policy" && o.gone !== true && isOn(o.on));
  const policy = stored?.name.name ?? dependents.find((d) => d.kind === "policy")?.name;
  if (policy !== undefined) return `has the policy ${policy}`;
  const secures = file.some(
    ({ operation: o }) =>
      o.kind === "other" &&
      isOn(o.relation) &&
      ((o.detail?.kind === "switch" && o.detail.what === "row-security") ||
        (o.detail !== undefined && "object" in o.detail && o.detail.object === "policy")),
  );
  return secures ? "has row security that this file changes" : null;
}

function refuse(table: Table, { to, standIn }: Renaming, context: StrategyContext): void {
  if (findTable(context.catalog, to) !== null)
    throw new Refusal(
      `There is a table ${show(to)} already.`,
      "Choose another name, or drop this statement if it was renamed by hand.",
    );
  if (asksInvoker(context.version, standIn)) return;
  const secured = rowSecurityOf(table, to, context);
  if (secured === null) return;
  const which = `${show(table.relation)} ${secured}`;
  if (!asksInvoker(context.version))
    throw new Refusal(
      `${which}, and before PostgreSQL 15 a view does not ask who reads it: no policy would tell rows apart.`,
      "Rename it in a maintenance window, or after an update to PostgreSQL 15.",
    );
  throw new Refusal(
    `${which}, and roles may read single columns of it: a view that asks who reads it asks for all columns.`,
    "Rename it in a maintenance window; or, in an earlier migration, let these roles read all columns, or none.",
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
  const r: Renaming = { from: table.relation, to, standIn: standInOf(table, to, context) };
  refuse(table, r, context);
  if (context.newTable) return plainly(r, operation, context);
  const unseen =
    table.grants === undefined
      ? [
          `Which rights on ${show(table.relation)} there are, the files do not tell: with --database-url the plan gives them to the view.`,
        ]
      : [];
  return phased(r, context, unseen);
}

/** The file lets roles read single columns, under the one name or the other. */
function letsReadSome(table: Table, to: RelationName, { file, catalog }: StrategyContext): boolean {
  const isOurs = (name: RelationName) =>
    [table.relation, to].some((own) => sameRelation(own, name, catalog.defaultSchema));
  return file.some(({ operation }) => {
    const detail = operation.kind === "other" ? operation.detail : undefined;
    if (detail?.kind !== "privileges" || detail.action !== "grant" || detail.columns === undefined) return false;
    return detail.privileges.some((p) => p === "SELECT" || p === "ALL") && tablesNamed(detail.on ?? "").some(isOurs);
  });
}

/** What shows a table under its other name. */
function standInOf(table: Table, to: RelationName, context: StrategyContext): StandIn {
  const columns = table.columns.map((c) => ({
    name: c.name,
    grants: c.grants,
    // The server computes these where a statement leaves them out; a default of the view would be taken in its place.
    default: c.identity === null && c.generated === null ? c.default : null,
  }));
  const rights = { columns, grants: table.grants ?? [] };
  const narrow = readsSomeOnly(rights) || letsReadSome(table, to, context);
  return { of: "TABLE", ...rights, ...(narrow ? { narrow } : {}) };
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

/** What the view itself gives to a column that a statement leaves out, as the server prints it. */
function defaultOf({ restore }: StoredObject, column: string): string | null {
  const address = [quote(column), column].map((name) => ` ALTER COLUMN ${name} SET DEFAULT `);
  for (const sql of restore ?? []) {
    const set = address.find((a) => sql.startsWith("ALTER VIEW ") && sql.includes(a));
    if (set !== undefined) return sql.slice(sql.indexOf(set) + set.length);
  }
  return null;
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
  const columns = stored.columns.map((c) => ({ name: c, grants: [], default: defaultOf(stored, c) }));
  const narrow = readsSomeOnly({ columns, grants }) ? ({ narrow: true } as const) : {};
  return phased({ from, to: { ...from, name }, standIn: { of: "VIEW", columns, grants, ...narrow } }, context, []);
}
