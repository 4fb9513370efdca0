import { findTable, type Phased, Refusal, sameRelation } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { Retired } from "../model/plan.js";

/** A policy or a publication (PostgreSQL) that an operation of the file changes in its contract. */
export interface Handled {
  readonly kind: "policy" | "publication";
  readonly name: string;
  /** Of a policy, its table. */
  readonly on: RelationName | null;
}

/** Null for an operation that changes neither, or only adds to a publication. */
export function handledBy(operation: Operation, { steps }: Phased): Handled | null {
  if (operation.kind !== "other" || !steps.some((s) => s.phase === "contract")) return null;
  const { detail, relation } = operation;
  if (detail?.kind !== "alter-object" && detail?.kind !== "drop-object") return null;
  const { object, name } = detail;
  // Its options and its owner say nothing of columns.
  const aside = detail.kind === "alter-object" && object === "publication" && detail.reads.length === 0;
  if (name === null || aside) return null;
  if (object === "publication") return { kind: object, name: name.name, on: null };
  return object === "policy" && detail.kind === "alter-object" ? { kind: object, name: name.name, on: relation } : null;
}

/** A column that goes, or that another one takes the place of, and that what is handled named before the file. */
function namedBy({ kind, name, on }: Handled, retires: readonly Retired[], before: Catalog): Retired | null {
  const isNamed = ({ relation, column }: Retired): boolean =>
    (on === null || sameRelation(on, relation, before.defaultSchema)) &&
    (findTable(before, relation)?.dependents ?? []).some(
      (d) => d.kind === kind && d.name === name && d.columns.includes(column),
    );
  return retires.find(isNamed) ?? null;
}

const isDrop = ({ replacement, retypes }: Retired): boolean => replacement === null && retypes !== true;

function refuse({ kind, name }: Handled, { column, retypes }: Retired): never {
  throw new Refusal(
    `Until the swap the ${kind} ${name} names ${column}, and the swap waits until nothing does: this file would wait for itself.`,
    retypes === true
      ? `Write three migrations: the first has the ${kind} do without ${column}, the second changes the type, the third has it name ${column} again.`
      : "Put this statement into a later migration.",
  );
}

/**
 * A file changes a policy or a publication in its swap, which waits for that change where it parks a column that the one
 * names. Where the column is dropped behind it the server itself sees to it that nothing names it any more.
 *
 * @param file the catalog before the file
 * @returns the phased with what its gate need not wait for
 * @throws Refusal
 */
export function withOwnHolders(
  before: readonly Phased[],
  handled: readonly Handled[],
  operation: Operation,
  next: Phased,
  file: Catalog,
): Phased {
  const own = handledBy(operation, next);
  const earlier =
    own === null
      ? null
      : namedBy(
          own,
          before.flatMap((p) => p.retires),
          file,
        );
  if (own !== null && earlier !== null) refuse(own, earlier);
  const drops = handled.flatMap((h) => {
    const met = namedBy(h, next.retires, file);
    if (met === null) return [];
    return isDrop(met) ? [`${h.kind} ${h.name}`] : refuse(h, met);
  });
  return drops.length === 0 ? next : { ...next, drops: [...(next.drops ?? []), ...drops] };
}
