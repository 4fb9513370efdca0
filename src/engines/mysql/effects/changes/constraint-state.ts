import type { Constraint } from "../../../../model/catalog.js";
import type { AlterConstraint, DropConstraint } from "../../../../model/detail/constraint.js";
import type { Lock } from "../../../../model/effect.js";
import type { Operation } from "../../../../model/operation.js";
import { sameRelation } from "../../../engine.js";
import { altered, type Change } from "../change.js";
import { catalogWay, mariadbInstant, type Subject } from "../subject.js";
import { COPY, exclusive, METADATA, REBUILD } from "../ways.js";
import { keptByForeignKey } from "./index-change.js";

/** DROP PRIMARY KEY, FOREIGN KEY, CHECK, CONSTRAINT: what they asked of writes is asked no more. */
export function dropConstraintChange(detail: DropConstraint, subject: Subject): Change {
  const { relation, server, table } = subject;
  const kind = detail.constraint ?? foundKind(detail.name, table?.constraints);
  if (kind === "primary-key") return dropKey(subject);
  if (kind === "foreign-key") {
    return altered(relation, mariadbInstant(server), { locks: pointedAt(detail.name, subject) });
  }
  if (kind === "check") return altered(relation, catalogWay(server));
  if (kind === "unique") return altered(relation, METADATA, keptByForeignKey(detail.name ?? "", subject), "index");
  // Unknown: any of them, of which the dearest that has a name is a change of the catalog.
  const absent = detail.ifExists && table !== null;
  return absent
    ? altered(relation, catalogWay(server))
    : altered(relation, METADATA, { assumes: [unseen(detail)] }, "index");
}

function unseen({ name }: DropConstraint): string {
  return `${name ?? "the constraint"} is not known: it may be a key that other tables point at`;
}

function foundKind(name: string | null, constraints: readonly Constraint[] = []): Constraint["kind"] | null {
  if (name?.toUpperCase() === "PRIMARY") return "primary-key";
  return constraints.find((c) => c.name.toLowerCase() === name?.toLowerCase())?.kind ?? null;
}

/** The rows stand in the key's order. With another key in the same statement they are sorted in place. */
export function dropKey({ relation, server, table }: Subject): Change {
  const replaced = (server.siblings ?? []).some(addsKey);
  const pointing = (table?.referencedBy ?? []).map((r) => r.constraint);
  const held = pointing.length === 0 ? "" : `, or because ${pointing.join(", ")} points at it (1553)`;
  return altered(relation, replaced ? REBUILD : COPY, {
    fails: `it fails when an AUTO_INCREMENT column has no other key (1075)${held}`,
    assumes: replaced ? [] : ["without a primary key, row-based replicas search each row by a scan"],
  });
}

function addsKey(operation: Operation): boolean {
  return (
    operation.kind === "other" &&
    operation.detail?.kind === "add-constraint" &&
    operation.detail.constraint.kind === "primary-key"
  );
}

/** The table that a foreign key points at is locked for a moment, too. */
function pointedAt(name: string | null, { relation, server }: Subject): Lock[] {
  const { tables, defaultSchema } = server.catalog;
  const own = (r: { relation: typeof relation; constraint: string }) =>
    r.constraint === name && sameRelation(r.relation, relation, defaultSchema);
  return tables
    .filter((t) => t.referencedBy.some(own) && !sameRelation(t.relation, relation, defaultSchema))
    .map((t) => exclusive(t.relation));
}

/** MySQL's ALTER CHECK: enforcing copies the table to look at every row. */
export function alterConstraintChange({ name, enforced }: AlterConstraint, { relation, server }: Subject): Change {
  if (enforced !== true) return altered(relation, catalogWay(server));
  return altered(relation, COPY, {
    fails: `it fails where a row violates ${name} (3819)`,
    enforces: [`CHECK ${name}`],
  });
}
