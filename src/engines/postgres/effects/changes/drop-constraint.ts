import type { Constraint, InboundReference } from "../../../../model/catalog.js";
import type { DropConstraint } from "../../../../model/detail/constraint.js";
import type { Breakage, Effect, Lock, Need } from "../../../../model/effect.js";
import { show } from "../../../../model/name.js";
import { effect, refusedFor } from "../../../effect.js";
import { addedConstraints } from "../../../table-lookup.js";
import { notNullNamed } from "../../not-null-names.js";
import { arbitersLost } from "../arbiters.js";
import { lock, merged } from "../locks.js";
import { partitionNote } from "../notes.js";
import { targetOf, withPartitions } from "../relations.js";
import { identityLost } from "../replica-identity.js";
import { broken, constraintOf, locksBelow, type Subject, same } from "../subject.js";
import { isAtLeast } from "../versions.js";
import { heldBy } from "./column-null.js";

/** DROP CONSTRAINT: a foreign key locks the table that it points at as well, a key with CASCADE those that point at it. */
export function dropConstraintEffect(detail: DropConstraint, subject: Subject): Effect {
  const constraint = constraintOf(subject, detail.name ?? "");
  const pointing = pointingAt(constraint, subject);
  const needed = needOf(detail, pointing);
  return effect({
    locks: locksOf(detail, constraint, pointing, subject),
    breaks: [
      ...(constraint === null ? [] : breaksOf(constraint, subject)),
      ...identityLost(subject.table, { name: detail.name ?? "" }, subject.context.catalog),
    ],
    ...(needed === null ? { fails: unnamed(detail, subject) } : refusedFor(needed)),
    assumes: [...partitionNote(subject.table), ...unknowns(detail, constraint, subject)],
  });
}

function pointingAt(constraint: Constraint | null, { table }: Subject): InboundReference[] {
  if (constraint?.kind !== "primary-key" && constraint?.kind !== "unique") return [];
  const over = [...constraint.columns].sort().join("\0");
  return (table?.referencedBy ?? []).filter((r) => [...r.columns].sort().join("\0") === over);
}

function locksOf(
  detail: DropConstraint,
  constraint: Constraint | null,
  pointing: readonly InboundReference[],
  subject: Subject,
): Lock[] {
  const { context } = subject;
  const target = constraint?.kind === "foreign-key" ? targetOf(constraint) : null;
  const others = [...(target === null ? [] : [target]), ...(detail.cascade ? pointing.map((r) => r.relation) : [])];
  const all = others
    .flatMap((o) => withPartitions(context.catalog, o))
    .map((o) => lock(o, "ACCESS EXCLUSIVE", "brief"));
  return merged([...locksBelow(subject, "ACCESS EXCLUSIVE", "brief"), ...all], same(context));
}

function breaksOf(constraint: Constraint, { table, context }: Subject): Breakage[] {
  if (constraint.kind !== "primary-key" && constraint.kind !== "unique") return [];
  const columns = constraint.columns.join(", ");
  return [
    broken("writes", `INSERT ... ON CONFLICT (${columns}) fails without ${constraint.name} (42P10)`),
    ...(table === null ? [] : arbitersLost(table, constraint.name, context.catalog)),
  ];
}

function needOf({ cascade }: DropConstraint, pointing: readonly InboundReference[]): Need | null {
  if (cascade || pointing.length === 0) return null;
  const keys = pointing.map((r) => `foreign key ${r.constraint} of ${show(r.relation)}`).join(", ");
  return { code: "2BP01", why: `${keys} needs it` };
}

/** Before 18 a NOT NULL has no name; a key or an identity keeps it. */
function unnamed({ name, ifExists }: DropConstraint, subject: Subject): string | null {
  const added = addedConstraints(subject.context.catalog, subject.relation);
  const meant = notNullNamed(subject.table, subject.relation.name, name ?? "", added);
  if (meant === null) return null;
  if (!isAtLeast(subject.context, 18)) {
    return ifExists ? null : "PostgreSQL 17 and older give a NOT NULL no name: there is no such constraint (42704)";
  }
  return meant.column === null ? null : heldBy(subject, meant.column);
}

function unknowns(detail: DropConstraint, constraint: Constraint | null, { table, context }: Subject): string[] {
  const { ifExists, name, cascade } = detail;
  const more = cascade && context.catalog.source === "files";
  if (more) return [`foreign keys that need ${name} are dropped too, and their tables locked: not all are known`];
  if (constraint !== null || (ifExists && table !== null)) return [];
  return [
    `${name} may be a foreign key, whose other table is locked too, or a key that ON CONFLICT needs: it is not known`,
  ];
}
