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
  const name = indexStrict(operation);
  const [first] = phased.steps;
  if (name === null || first === undefined || operation.relation === null) return phased;
  const table = tableOfIndex(catalog, { schema: operation.relation.schema, name });
  const columns = table?.indexes.find((i) => i.name === name)?.columns ?? [];
  const places = late.flatMap((change): Place[] => {
    const isIts = table !== null && sameRelation(change.relation, table.relation, catalog.defaultSchema);
    const given = change.columns.some((c) => c.notNull === true && columns.includes(c.name));
    return isIts && given ? [change.swapped ? SWAP : DROP] : [];
  });
  const last = places.reduce<Place>((place, p) => (rank(p) > rank(place) ? p : place), first);
  if (rank(last) <= rank(first)) return phased;
  if (asked !== null)
    throw new Refusal(
      `It stands in the ${asked} phase, and this file makes columns of the index ${name} NOT NULL, which it needs, in ${nameOf(last)}.`,
      "Put this statement into that phase.",
    );
  return { ...phased, steps: phased.steps.map((s): Step => ({ ...s, ...last })) };
}
