import { type Phased, Refusal, sameRelation } from "../engines/engine.js";
import { DROP, SWAP } from "../engines/place.js";
import { tableOfIndex } from "../engines/table-lookup.js";
import type { Catalog } from "../model/catalog.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { LateChange } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { nameOf, type Place, rank } from "./data-order.js";

/** The index whose columns must be NOT NULL (PostgreSQL's REPLICA IDENTITY USING INDEX); null for any other operation. */
function indexStrict(operation: Operation): string | null {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind !== "set-table-option" || detail.option !== "REPLICA IDENTITY") return null;
  return /^INDEX (.*)$/s.exec(detail.value ?? "")?.[1] ?? null;
}

/** Whether a change makes a column NOT NULL that an operation needs to be so, and by which index; null where it does not. */
export function strictFor(
  { relation, columns }: Pick<LateChange, "relation" | "columns">,
  operation: Operation,
  catalog: Catalog,
): string | null {
  const name = indexStrict(operation);
  if (name === null || operation.relation === null) return null;
  const table = tableOfIndex(catalog, { schema: operation.relation.schema, name });
  if (table === null || !sameRelation(relation, table.relation, catalog.defaultSchema)) return null;
  const own = table.indexes.find((i) => i.name === name)?.columns ?? [];
  return columns.some((c) => c.notNull === true && own.includes(c.name)) ? name : null;
}

/**
 * Keeps what needs NOT NULL of columns behind the contract in which the file gives it to them.
 *
 * @param late what the file changes in its contract
 * @param asked the phase that the author named
 * @throws Refusal where that phase comes before
 */
export function behindNotNull(
  late: readonly LateChange[],
  operation: Operation,
  phased: Phased,
  asked: PhaseName | null,
  catalog: Catalog,
): Phased {
  const [first] = phased.steps;
  const met = late.filter((change) => strictFor(change, operation, catalog) !== null);
  if (met.length === 0 || first === undefined) return phased;
  const places = met.map((change): Place => (change.swapped ? SWAP : DROP));
  const last = places.reduce<Place>((place, p) => (rank(p) > rank(place) ? p : place), first);
  if (rank(last) <= rank(first)) return phased;
  if (asked !== null)
    throw new Refusal(
      `It stands in the ${asked} phase, and this file makes columns of its index NOT NULL, which it needs, in ${nameOf(last)}.`,
      "Put this statement into that phase.",
    );
  return { ...phased, steps: phased.steps.map((s): Step => ({ ...s, ...last })) };
}
