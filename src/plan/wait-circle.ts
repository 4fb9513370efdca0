import { findTable, sameRelation } from "../engines/engine.js";
import type { Catalog, Dependent } from "../model/catalog.js";
import type { ObjectType } from "../model/detail/object.js";
import type { Migration } from "../model/migration.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { MigrationPlan, PlanRefusal } from "../model/plan.js";

/** What names a column that a swap takes out of use, and so keeps it waiting. */
export interface Holder {
  readonly kind: Dependent["kind"];
  /** As the gate `dependents` calls it: `view public.v`. */
  readonly called: string;
  readonly relation: RelationName;
  readonly column: string;
}

/** A change under way, and what its swap waits for. */
export interface Held {
  readonly id: string;
  /** Its plan is recorded: only a rollback takes it back. */
  readonly begun: boolean;
  readonly holders: readonly Holder[];
  /** What it takes away or makes anew itself, as gates call it. */
  readonly drops: readonly string[];
}

const plain = (name: string): string => name.replaceAll(/["`]/g, "");

/** Names are compared without their quotes: the server writes those that it needs. */
function isOneOf(holder: Holder, names: readonly string[]): boolean {
  const called = plain(holder.called);
  return names.map(plain).some((n) => called === n || called.startsWith(`${n} `) || called.startsWith(`${n}(`));
}

/** What the swap of a plan waits for, as far as the catalog before it tells. */
export function holdersOf({ retires }: Pick<MigrationPlan, "retires">, catalog: Catalog): readonly Holder[] {
  return retires.flatMap(({ relation, column, retypes }) =>
    (findTable(catalog, relation)?.dependents ?? []).flatMap(({ kind, name, columns }) => {
      // A body finds the column that takes the name.
      if (!columns.includes(column) || (retypes === true && kind === "function")) return [];
      return [{ kind, called: `${kind.replace("-", " ")} ${name}`, relation, column }];
    }),
  );
}

/** What is named with its table: another one may have one of that name. */
const ON_TABLES: ReadonlySet<ObjectType> = new Set<ObjectType>(["policy", "rule", "trigger"]);

/** Whether an operation sees to it that a holder names the column no more, or may do so. */
function frees({ relation, ...operation }: Operation, holder: Holder, { defaultSchema }: Catalog): boolean {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  const changes = detail?.kind === "alter-object" && (detail.object === "policy" || detail.object === "publication");
  if ((detail?.kind !== "drop-object" && !changes) || detail.name === null) return false;
  const { object, name } = detail;
  const elsewhere = relation !== null && !sameRelation(relation, holder.relation, defaultSchema);
  if (elsewhere && ON_TABLES.has(object)) return false;
  const names = [name.name, `${name.schema ?? defaultSchema}.${name.name}`];
  return isOneOf(
    holder,
    names.map((n) => `${object.replace("-", " ")} ${n}`),
  );
}

/** The server makes these anew in one moment with the swap. */
const EXCHANGED: ReadonlySet<Dependent["kind"]> = new Set(["view", "statistics"]);

function helpOf({ kind, called, column }: Holder, { id, begun }: Held): string {
  const write = begun ? `Take ${id} back first (\`zmigrate rollback ${id}\`), and write` : "Write";
  return EXCHANGED.has(kind)
    ? `${write} one migration: DROP of the ${called}, that change, and CREATE of the ${called} behind it. It is then exchanged in the swap.`
    : `${write} three migrations: after the first the ${called} is gone, or does without ${column}, the second is that change, the third makes it again.`;
}

/**
 * Why a wait would never end: the swap that it is for waits itself for what only this migration, or one behind it, takes
 * away. Null where it ends.
 *
 * @param other what is waited for, not swapped yet
 * @param others all that are under way
 * @param behind the migrations that stand in line behind this one
 */
export function circleOf(
  migration: Migration,
  wait: PlanRefusal,
  other: Held,
  others: readonly Held[],
  behind: readonly Migration[],
  catalog: Catalog,
): PlanRefusal | null {
  const held = other.holders.filter((holder) => !others.some(({ drops }) => isOneOf(holder, drops)));
  if (held.length === 0) return null;
  for (const each of [migration, ...behind]) {
    const operations = each.statements.flatMap((s) => s.operations);
    const met = held.find((holder) => operations.some((operation) => frees(operation, holder, catalog)));
    if (met === undefined) continue;
    const who = each === migration ? "this file" : `migration ${each.id} (${each.slug}), which stands behind this one,`;
    const never = `That one is never swapped: it waits until the ${met.called} does not name ${met.column}, and ${who} is what sees to that.`;
    return { ...wait, reason: `${wait.reason} ${never}`, help: helpOf(met, other) };
  }
  return null;
}
