import type { Administration, LockTables } from "../../../../model/detail/session.js";
import type { Effect } from "../../../../model/effect.js";
import { effect } from "../../../effect.js";
import { lock, modeOf } from "../locks.js";
import { withPartitions } from "../relations.js";
import { broken, type Subject } from "../subject.js";
import { worst } from "../worst.js";

/** SET, BEGIN, COMMIT: nothing is locked by them; what they mean for the next statement is not an effect. */
export function nothingEffect(): Effect {
  return effect({});
}

/** LOCK TABLE holds what it says until the transaction ends, whatever else is done in it. */
export function lockTablesEffect({ tables }: LockTables, { context }: Subject): Effect {
  const locks = tables.flatMap(({ relation, mode }) =>
    withPartitions(context.catalog, relation).map((r) => lock(r, modeOf(mode) ?? "ACCESS EXCLUSIVE", "brief")),
  );
  return effect({ locks });
}

/** What changes neither schema nor data. */
const QUIET =
  /^(check-?point|discard|listen|load|notify|unlisten|security-label|set-constraints|deallocate|close|fetch|move|declare)/;
/** What takes no transaction around it. */
const ALONE = /^alter-system/;

/** About the server and not about a schema. */
export function administrationEffect({ action }: Administration, { operation }: Subject): Effect {
  if (operation.harmless || QUIET.test(action)) return effect({});
  if (ALONE.test(action)) return effect({ transaction: "never" });
  if (action.startsWith("reassign-owned")) {
    return effect({ assumes: ["everything that the role owns is locked against all use, one after the other"] });
  }
  if (!action.startsWith("drop-owned")) return worst(operation);
  const breaks = [broken("both", "statements that name what the role owns fail (42P01)")];
  return effect({ breaks, destroys: true, assumes: ["everything that the role owns is locked, and dropped"] });
}
