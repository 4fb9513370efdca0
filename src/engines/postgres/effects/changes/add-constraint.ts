import type { AddConstraint } from "../../../../model/detail/constraint.js";
import type { Effect, Lock } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { TableConstraint } from "../../../../model/operation.js";
import { effect } from "../../../effect.js";
import { isKeyOfParts } from "../attached-key.js";
import { lock, type Mode, merged } from "../locks.js";
import { keepsNull, provesNotNull } from "../not-null.js";
import { partitionNote } from "../notes.js";
import { unwrittenBehind } from "../published-parts.js";
import { withPartitions } from "../relations.js";
import { keysSettingNull, newKeySettingNull } from "../set-null.js";
import { catalogChange, columnOf, indexOf, locksBelow, type Subject, same, scanUnder, siblingsOf } from "../subject.js";
import { isAtLeast, notBefore } from "../versions.js";
import { worst } from "../worst.js";

/** ADD CONSTRAINT, by what is added. */
const KINDS: Readonly<Record<TableConstraint["kind"], (detail: AddConstraint, subject: Subject) => Effect>> = {
  check: check,
  "foreign-key": foreignKey,
  unique: key,
  "primary-key": key,
  exclusion: exclusion,
  "not-null": notNull,
  index: (_, { operation }) => worst(operation),
};

/** ADD CONSTRAINT: what must hold for the rows that are there is checked under the lock, unless it is NOT VALID. */
export function addConstraintEffect(detail: AddConstraint, subject: Subject): Effect {
  const added = KINDS[detail.constraint.kind](detail, subject);
  const stopped = detail.constraint.kind === "primary-key" ? unwrittenBehind(subject) : [];
  return stopped.length === 0 ? added : { ...added, breaks: [...added.breaks, ...stopped] };
}

function check(detail: AddConstraint, subject: Subject): Effect {
  const what = detail.expression ?? detail.constraint.text;
  const enforces = [`CHECK (${what})`];
  if (!detail.enforced) {
    return catalogChange(subject, "ACCESS EXCLUSIVE", { fails: notBefore(subject.context, 18, "NOT ENFORCED") });
  }
  const isNotNull = (column: string) =>
    columnOf(subject, column)?.notNull !== true && keepsNull(`CHECK (${what})`, column);
  const breaks = keysSettingNull(subject.table, isNotNull, "23514");
  if (!detail.validated) return catalogChange(subject, "ACCESS EXCLUSIVE", { enforces, breaks });
  const fails = "it fails where a row violates the check (23514)";
  return scanUnder(subject, "ACCESS EXCLUSIVE", { fails, enforces, breaks });
}

function notNull(detail: AddConstraint, subject: Subject): Effect {
  const { constraint, validated } = detail;
  const column = constraint.columns[0] ?? "";
  const old = notBefore(subject.context, 18, "NOT NULL as a constraint of the table");
  const enforces = [`${column} is not NULL`];
  const proved =
    columnOf(subject, column)?.notNull === true || provesNotNull(subject.table, column, siblingsOf(subject));
  const breaks = proved ? [] : keysSettingNull(subject.table, (one) => one === column, "23502");
  if (!validated || proved)
    return catalogChange(subject, "ACCESS EXCLUSIVE", { fails: old, enforces: proved ? [] : enforces, breaks });
  const fails = old ?? `it fails where ${column} is NULL (23502)`;
  return scanUnder(subject, "ACCESS EXCLUSIVE", { fails, enforces, breaks });
}

/** Writes to both tables wait; validated, for as long as both are read. */
function foreignKey(detail: AddConstraint, subject: Subject): Effect {
  const target = detail.constraint.references?.relation ?? null;
  const taken = isKeyOfParts(subject.table, detail.constraint.text, subject.context.catalog);
  const checked = detail.enforced && detail.validated && !taken;
  const held = checked ? "scan" : "brief";
  return effect({
    locks: keyLocks(subject, target, held, taken ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE"),
    scan: checked,
    breaks: newKeySettingNull(
      detail.constraint,
      subject.relation,
      (column) => columnOf(subject, column)?.notNull === true,
    ),
    fails: foreignKeyFailure(detail, subject, checked),
    ...(detail.enforced && !taken
      ? { enforces: [`a row of ${target === null ? "the other table" : show(target)} for every value`] }
      : {}),
    assumes: partitionNote(subject.table),
  });
}

/** @param mode of the lock on the other table: triggers of the partitions' keys go from it when their parent takes those over */
function keyLocks(subject: Subject, target: RelationName | null, held: Lock["held"], mode: Mode): Lock[] {
  const targets = target === null ? [] : withPartitions(subject.context.catalog, target);
  const other = targets.map((r) => lock(r, mode, held));
  return merged([...locksBelow(subject, "SHARE ROW EXCLUSIVE", held), ...other], same(subject.context));
}

function foreignKeyFailure(detail: AddConstraint, { table, context }: Subject, checked: boolean): string | null {
  if (!detail.enforced) return notBefore(context, 18, "NOT ENFORCED");
  if (checked) return "it fails where a row points at none (23503)";
  if (detail.validated) return null;
  const parent = table?.partitions !== undefined && table.partitions.length > 0;
  if (!parent || isAtLeast(context, 18)) return null;
  return "a foreign key of a partitioned table cannot be NOT VALID before PostgreSQL 18 (0A000)";
}

/** UNIQUE and PRIMARY KEY: the index is built under the lock, or taken over. */
function key(detail: AddConstraint, subject: Subject): Effect {
  if (detail.usingIndex !== null) return keyUsingIndex(detail, subject);
  const primary = detail.constraint.kind === "primary-key";
  // Its partitions get theirs by themselves, and its own is not valid until then.
  if (subject.operation.only === true && subject.table?.partitioned === true)
    return catalogChange(subject, "ACCESS EXCLUSIVE", { fails: secondKey(detail, subject) });
  const failures = [secondKey(detail, subject), "duplicates in the data fail the build (23505)"];
  const nulls = primary ? "it fails where a column is NULL (23502)" : null;
  const partitioned = isParent(subject) ? "without the columns of the partition key it is refused (0A000)" : null;
  return effect({
    locks: locksBelow(subject, "ACCESS EXCLUSIVE", "build"),
    scan: true,
    fails: [...failures, nulls, partitioned].filter((f) => f !== null).join("; "),
    enforces: [`(${detail.constraint.columns.join(", ")}) is unique`],
    replicaCost: "replay",
    assumes: [
      ...partitionNote(subject.table),
      ...(subject.table === null && primary ? ["the table is taken to have no primary key"] : []),
    ],
  });
}

function secondKey({ constraint }: AddConstraint, { table }: Subject): string | null {
  const has = constraint.kind === "primary-key" && table?.constraints.some((c) => c.kind === "primary-key");
  return has ? "the table has a primary key (42P16)" : null;
}

function isParent({ table }: Subject): boolean {
  return table?.partitioned === true && (table.partitions === undefined || table.partitions.length > 0);
}

/** The index is there; a primary key still looks for NULL in columns that may hold it. */
function keyUsingIndex(detail: AddConstraint, subject: Subject): Effect {
  const index = indexOf(subject, detail.usingIndex ?? "");
  const partitioned = isParent(subject) ? "a partitioned table takes no USING INDEX (0A000)" : null;
  const fails = secondKey(detail, subject) ?? partitioned;
  const taken = subject.table === null ? ["the table is taken for one that is not partitioned"] : [];
  if (detail.constraint.kind === "unique") return catalogChange(subject, "ACCESS EXCLUSIVE", { fails, assumes: taken });
  const open = (index?.columns ?? []).filter((c) => !isProved(subject, c));
  if (index !== null && open.length === 0) return catalogChange(subject, "ACCESS EXCLUSIVE", { fails });
  const unknown = index === null ? [`a column of ${detail.usingIndex} may be NULL: the index is not known`] : [];
  return scanUnder(subject, "ACCESS EXCLUSIVE", {
    fails: fails ?? "it fails where a column is NULL (23502)",
    enforces: open.map((c) => `${c} is not NULL`),
    assumes: unknown,
  });
}

function isProved(subject: Subject, column: string): boolean {
  return columnOf(subject, column)?.notNull === true || provesNotNull(subject.table, column, siblingsOf(subject));
}

/** No way of PostgreSQL's builds an exclusion constraint while others write. */
function exclusion(_: AddConstraint, subject: Subject): Effect {
  return effect({
    locks: locksBelow(subject, "ACCESS EXCLUSIVE", "build"),
    scan: true,
    fails: "rows that exclude each other fail the build (23P01)",
    enforces: ["the exclusion"],
    replicaCost: "replay",
    assumes: partitionNote(subject.table),
  });
}
