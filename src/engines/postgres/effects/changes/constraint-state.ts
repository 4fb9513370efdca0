import type { AlterConstraint, RenameConstraint, ValidateConstraint } from "../../../../model/detail/constraint.js";
import type { Breakage, Effect, Lock } from "../../../../model/effect.js";
import type { RelationName } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { lock, merged } from "../locks.js";
import { targetOf, withPartitions } from "../relations.js";
import {
  broken,
  catalogChange,
  constraintOf,
  locksBelow,
  ownChange,
  type Subject,
  same,
  scanUnder,
  siblingsOf,
} from "../subject.js";
import { notBefore } from "../versions.js";

/**
 * VALIDATE CONSTRAINT: every row is read while reads and writes go on; a foreign key's other table is only marked as read.
 * Where a row violates it, it fails and nothing has changed: that is what it is for, and no failure of the migration's.
 */
export function validateConstraintEffect({ name }: ValidateConstraint, subject: Subject): Effect {
  const constraint = constraintOf(subject, name);
  if (constraint?.validated) return catalogChange(subject, "SHARE UPDATE EXCLUSIVE");
  if (constraint?.kind !== "foreign-key") {
    const assumes = constraint === null && !isAddedBeside(name, subject) ? [unknownKey(name)] : [];
    return scanUnder(subject, "SHARE UPDATE EXCLUSIVE", { assumes });
  }
  const target = targetOf(constraint);
  const other = target === null ? [] : referenced(target, subject);
  const own = locksBelow(subject, "SHARE UPDATE EXCLUSIVE", "scan");
  return scanUnder(subject, "SHARE UPDATE EXCLUSIVE", {
    locks: merged([...own, ...other], same(subject.context)),
  });
}

/** The other table is marked, its partitions only read. */
function referenced(target: RelationName, { context }: Subject): Lock[] {
  const [whole = target, ...below] = withPartitions(context.catalog, target);
  return [lock(whole, "ROW SHARE", "scan"), ...below.map((r) => lock(r, "ACCESS SHARE", "scan"))];
}

function unknownKey(name: string): string {
  return `${name} may be a foreign key, whose other table is locked with ROW SHARE: it is not known`;
}

function isAddedBeside(name: string, subject: Subject): boolean {
  return siblingsOf(subject).some(
    (o) => o.kind === "other" && o.detail?.kind === "add-constraint" && o.detail.constraint.name === name,
  );
}

/** ALTER CONSTRAINT: DEFERRABLE changes the catalog; ENFORCED and NOT ENFORCED (18 and newer) concern both tables. */
export function alterConstraintEffect(detail: AlterConstraint, subject: Subject): Effect {
  const { enforced, actions, name } = detail;
  if (enforced === null) return catalogChange(subject, "ACCESS EXCLUSIVE", { fails: inheritance(actions, subject) });
  const constraint = constraintOf(subject, name);
  const target = constraint === null ? null : targetOf(constraint);
  const held = enforced ? "scan" : "brief";
  const others = target === null ? [] : withPartitions(subject.context.catalog, target);
  // Its triggers are made for both tables, or taken from both.
  const all = others.map((r) => lock(r, enforced ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE", held));
  const old = notBefore(subject.context, 18, "NOT ENFORCED");
  return effect({
    locks: merged([...locksBelow(subject, "ACCESS EXCLUSIVE", held), ...all], same(subject.context)),
    scan: enforced,
    fails: old ?? (enforced ? `it fails where a row violates ${name} (23503)` : null),
    ...(enforced ? { enforces: [name] } : {}),
    assumes: target === null ? [`the table that ${name} points at is locked too: it is not known`] : [],
  });
}

function inheritance(actions: string, { context }: Subject): string | null {
  return /\binherit\b/i.test(actions) ? notBefore(context, 18, "INHERIT of a constraint") : null;
}

/** RENAME CONSTRAINT: only ON CONFLICT ON CONSTRAINT names one. */
export function renameConstraintEffect({ from }: RenameConstraint, subject: Subject): Effect {
  const isKey = (constraintOf(subject, from)?.index ?? null) !== null;
  return ownChange(subject, "ACCESS EXCLUSIVE", { breaks: isKey ? [conflictName(from)] : [] });
}

/** What names a key by its name. */
export const conflictName = (name: string): Breakage =>
  broken("writes", `INSERT ... ON CONFLICT ON CONSTRAINT ${name} fails (42704)`);
