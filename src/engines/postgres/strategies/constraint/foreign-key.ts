import type { Constraint, Table } from "../../../../model/catalog.js";
import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { ForeignKeyTarget } from "../../../../model/operation.js";
import type { Claim } from "../../../../model/plan.js";
import { findTable, type Phased, Refusal, sameRelation } from "../../../engine.js";
import { ORPHAN_TARGET } from "../../../orphan.js";
import { BACKFILL, type Place, SWAP } from "../../../place.js";
import { sizeOf } from "../../../table-size.js";
import { constraintTree } from "../../effects/trees.js";
import { quote, quoteRelation } from "../../names.js";
import { nameFor } from "../names-taken.js";
import { addedColumns } from "../place.js";
import { hasChildren, isDivided } from "../tables.js";
import { asIs } from "./as-is.js";
import { addingInTwo, claimsOn, type Subject } from "./steps.js";
import { counting, type Violation } from "./verify.js";

/** A foreign key with what it points at. */
export interface Key {
  readonly constraint: Constraint;
  readonly target: RelationName;
  /** Null where neither the statement nor the catalog tells. */
  readonly targetColumns: readonly string[] | null;
  readonly full: boolean;
  readonly temporal: boolean;
}

function targetOf(s: Subject, reference: ForeignKeyTarget): Table | null {
  const { catalog } = s.context;
  const found = findTable(catalog, reference.relation);
  if (found !== null || !catalog.complete) return found;
  throw new Refusal(
    `The table ${show(reference.relation)}, which the foreign key points at, does not exist.`,
    "Correct the name, or create the table in an earlier migration.",
  );
}

/** What follows the columns, without what is said of the rows and of the writes that it holds for. */
const rest = (actions: string): string =>
  actions
    .replaceAll(/\bNOT\s+VALID\b/gi, "")
    .replaceAll(/\b(?:NOT\s+)?ENFORCED\b/gi, "")
    .replaceAll(/\s+/g, " ")
    .trim();

const listOf = (columns: readonly string[], temporal: boolean): string =>
  columns.map((c, n) => `${temporal && n === columns.length - 1 ? "PERIOD " : ""}${quote(c)}`).join(", ");

function keyOf(s: Subject, detail: AddConstraint, reference: ForeignKeyTarget): Key {
  const { columns, name, text } = detail.constraint;
  const table = targetOf(s, reference);
  const target = table?.relation ?? reference.relation;
  const tree = constraintTree(text);
  const temporal = tree?.fk_with_period === true;
  const primary = table?.constraints.find((c) => c.kind === "primary-key")?.columns ?? null;
  const list = reference.columns.length === 0 ? "" : ` (${listOf(reference.columns, temporal)})`;
  const behind = rest(reference.actions);
  const definition = `FOREIGN KEY (${listOf(columns, temporal)}) REFERENCES ${quoteRelation(target)}${list}${behind === "" ? "" : ` ${behind}`}${detail.enforced ? "" : " NOT ENFORCED"}`;
  const given = name ?? nameFor(s.table, "foreign-key", columns, s.context);
  return {
    constraint: { kind: "foreign-key", name: given, columns, definition, validated: true, index: null },
    target,
    targetColumns: reference.columns.length > 0 ? reference.columns : primary,
    full: tree?.fk_matchtype === "f",
    temporal,
  };
}

/** A row whose columns point at none. The other table may be this one, and have columns of the same names. */
export function orphan({ table }: Pick<Subject, "table">, key: Key): string | null {
  const { constraint, target, targetColumns, full, temporal } = key;
  if (targetColumns === null || targetColumns.length !== constraint.columns.length || temporal) return null;
  const own = constraint.columns.map((c) => `${quoteRelation(table.relation)}.${quote(c)}`);
  const pairs = targetColumns.map((c, n) => `${ORPHAN_TARGET}.${quote(c)} = ${own[n]}`);
  const missing = `NOT EXISTS (SELECT FROM ${quoteRelation(target)} AS ${ORPHAN_TARGET} WHERE ${pairs.join(" AND ")})`;
  if (!full) return [...own.map((c) => `${c} IS NOT NULL`), missing].join(" AND ");
  const some = own.map((c) => `${c} IS NOT NULL`).join(" OR ");
  const none = own.map((c) => `${c} IS NULL`).join(" OR ");
  return `(${some}) AND (${none} OR ${missing})`;
}

function violationOf(s: Subject, key: Key): Violation | null {
  const row = orphan(s, key);
  if (row === null) return null;
  const columns = key.constraint.columns.join(", ");
  return {
    row,
    rows: `of ${show(s.table.relation)} point with ${columns} at no row of ${show(key.target)}`,
    help: `Write the rows that are missing, set ${columns} to NULL or delete these rows, and run \`zmigrate apply\` again.`,
    below: isDivided(s.table),
  };
}

/** A key that this file adds to the other table may come with the contract only: then so does what needs it. */
function placeOf(s: Subject, key: Key): Place {
  const { file, catalog } = s.context;
  const added = addedColumns(s.table, s.context);
  const waits = file.some(
    ({ operation }) =>
      operation.kind === "other" &&
      operation.detail?.kind === "add-constraint" &&
      (operation.detail.constraint.kind === "unique" || operation.detail.constraint.kind === "primary-key") &&
      operation.relation !== null &&
      sameRelation(operation.relation, key.target, catalog.defaultSchema),
  );
  return !waits && key.constraint.columns.every((c) => added.has(c)) ? BACKFILL : SWAP;
}

/** Before 18 a partitioned table takes no foreign key that is NOT VALID. @throws Refusal */
function refuseOnPartitions(s: Subject, { target, constraint }: Key): void {
  const { table, context } = s;
  if (!hasChildren(table) || (context.version.parts[0] ?? 0) >= 18) return;
  throw new Refusal(
    `${show(table.relation)} is partitioned (${sizeOf(table)}), and before PostgreSQL 18 a foreign key of such a table cannot be NOT VALID: adding it reads every row while writes to it and to ${show(target)} wait.`,
    `Add \`${constraint.definition}\` to each partition by itself, each of them in phases; added to ${show(table.relation)} itself after that, it takes theirs over and reads no row: do that last statement by hand, when writes may wait a moment.`,
  );
}

function claimsOf(s: Subject, { constraint, target, targetColumns }: Key): Claim[] {
  const change = `adds the foreign key ${constraint.name}`;
  return [...claimsOn(s.table.relation, constraint.columns, change), ...claimsOn(target, targetColumns ?? [], change)];
}

/** ADD FOREIGN KEY: rows without their row are counted first; then NOT VALID and VALIDATE. */
export function addForeignKey(detail: AddConstraint, s: Subject): Phased {
  const { references } = detail.constraint;
  if (references === null) throw new Refusal("The foreign key does not say what it points at.", "Write REFERENCES.");
  const key = keyOf(s, detail, references);
  const { constraint } = key;
  if (detail.enforced) refuseOnPartitions(s, key);
  const place = placeOf(s, key);
  if (!detail.enforced || !detail.validated) return asIs(detail, s, constraint, place);
  const violation = violationOf(s, key);
  const reason =
    place === SWAP
      ? "Old code may still write rows that violate it, so it waits for the contract."
      : "Only new code knows its columns.";
  return {
    steps: [
      ...(violation === null ? [] : counting(s, violation)),
      ...addingInTwo(s, "add-foreign-key", constraint, detail, place, reason),
    ],
    retires: [],
    claims: claimsOf(s, key),
    gates: [],
    notes: [],
  };
}
