import type { Code } from "../../../../model/detail/code.js";
import type { CreateObject } from "../../../../model/detail/object.js";
import type { Breakage } from "../../../../model/effect.js";
import type { RelationName } from "../../../../model/name.js";
import { certainChanges, missingWhy, missingWritten, unfilledWritten } from "../../../missing-written.js";
import { miscountedWhy } from "../../../refused-change.js";
import { unfilledWhy } from "../../../unfilled-column.js";
import type { Server } from "../server.js";
import { broken, brokenForAll } from "../subject.js";

/** What no longer succeeds as soon as a trigger is there, whatever the row is. */
export function refusedWrites(detail: CreateObject, relation: RelationName | null, { catalog }: Server): Breakage[] {
  const { object, trigger, code } = detail;
  if (object !== "trigger" || trigger === null || relation === null) return [];
  const what = `${trigger.events.map((event) => `${event.toUpperCase()}s`).join(" and ")} of ${relation.name}`;
  if (refusesAll(code)) return [broken("writes", `the trigger refuses all ${what} (1644)`)];
  const changes = certainChanges(code);
  if (changes.some(({ writes }) => writes.some((written) => isItself(written, relation))))
    return brokenForAll("writes", `the trigger writes ${relation.name} itself, which it is on: ${what} fail (1442)`);
  const missing = missingWritten(changes, catalog, relation);
  if (missing === null) {
    const uneven = miscountedWhy(changes, catalog);
    if (uneven !== null) return brokenForAll("writes", `the trigger ${uneven}: ${what} fail (1136)`);
    const unfilled = unfilledWritten(changes, catalog);
    return unfilled === null
      ? []
      : brokenForAll(
          "writes",
          `the trigger ${unfilledWhy(unfilled)}: ${what} fail (${unfilled.how === "null" ? 1048 : 1364})`,
        );
  }
  const why = `the trigger ${missingWhy(missing)}: ${what} fail (${missing.column === null ? 1146 : 1054})`;
  return brokenForAll("writes", why).map((one) => ({ ...one, needs: missing }));
}

/** SIGNAL whatever the row is. A class of 01 or 02 is no error. */
function refusesAll(code: Code | undefined): boolean {
  const signals = code?.operations.some(
    ({ operation, statement, conditional, behindExit }) =>
      operation.kind === "other" &&
      operation.what === "signal" &&
      !conditional &&
      behindExit !== true &&
      !/sqlstate\s+(?:value\s+)?'0[012]/i.test(statement),
  );
  return signals === true;
}

/** In a trigger's body a name without a database is one of the trigger's, which is its table's. */
const isItself = (written: RelationName, { schema, name }: RelationName): boolean =>
  written.name === name && (written.schema ?? schema) === schema;
