import type { AlterConstraint, RenameConstraint, ValidateConstraint } from "../../../../model/detail/constraint.js";
import type { Effect } from "../../../../model/effect.js";
import { effect } from "../../../effect.js";
import { lock, merged } from "../locks.js";
import { targetOf } from "../relations.js";
import {
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

/** VALIDATE CONSTRAINT: every row is read while reads and writes go on; a foreign key's other table is only marked as read. */
export function validateConstraintEffect({ name }: ValidateConstraint, subject: Subject): Effect {
  const constraint = constraintOf(subject, name);
  if (constraint?.validated) return catalogChange(subject, "SHARE UPDATE EXCLUSIVE");
  const fails = `it fails where a row violates ${name} (23514, 23503, 23502)`;
  if (constraint?.kind !== "foreign-key") {
    const assumes = constraint === null && !isAddedBeside(name, subject) ? [unknownKey(name)] : [];
    return scanUnder(subject, "SHARE UPDATE EXCLUSIVE", { fails, assumes });
  }
  const target = targetOf(constraint);
  const other = target === null ? [] : [lock(target, "ROW SHARE", "scan")];
  const own = locksBelow(subject, "SHARE UPDATE EXCLUSIVE", "scan");
  return scanUnder(subject, "SHARE UPDATE EXCLUSIVE", {
    locks: merged([...own, ...other], same(subject.context)),
    fails,
  });
}

function unknownKey(name: string): string {
  return `${name} may be a foreign key, whose other table is locked with ROW SHARE: it is not known`;
}

function isAddedBeside(name: string, subject: Subject): boolean {
  return siblingsOf(subject).some(
    (o) => o.kind === "other" && o.detail?.kind === "add-constraint" && o.detail.constraint.name === name,
  );
}

/** ALTER CONSTRAINT: DEFERRABLE changes the catalog; ENFORCED (18 and newer) reads the rows that are there. */
export function alterConstraintEffect({ name, enforced, actions }: AlterConstraint, subject: Subject): Effect {
  const old = enforced === null ? inheritance(actions, subject) : notBefore(subject.context, 18, "NOT ENFORCED");
  if (enforced !== true) return catalogChange(subject, "ACCESS EXCLUSIVE", { fails: old });
  const constraint = constraintOf(subject, name);
  const target = constraint === null ? null : targetOf(constraint);
  const other = target === null ? [] : [lock(target, "SHARE ROW EXCLUSIVE", "scan")];
  const own = locksBelow(subject, "ACCESS EXCLUSIVE", "scan");
  return effect({
    locks: merged([...own, ...other], same(subject.context)),
    scan: true,
    fails: old ?? `it fails where a row violates ${name} (23503)`,
    enforces: [name],
    assumes: target === null ? [`the table that ${name} points at is locked too: it is not known`] : [],
  });
}

function inheritance(actions: string, { context }: Subject): string | null {
  return /\binherit\b/i.test(actions) ? notBefore(context, 18, "INHERIT of a constraint") : null;
}

/** RENAME CONSTRAINT: only ON CONFLICT ON CONSTRAINT names one. */
export function renameConstraintEffect(_: RenameConstraint, subject: Subject): Effect {
  return ownChange(subject, "ACCESS EXCLUSIVE");
}
