import type { Step } from "../../../../model/step.js";
import { nullsHelp, ownFill, ownFillNote } from "../../../fill-from-update.js";
import { quote } from "../../names.js";
import { counting, without } from "../filling.js";
import { givenReader } from "../given-reader.js";
import { refuseExpression } from "../modify/expression.js";
import { type Modify, stepId } from "../modify/subject.js";

/** A change of type as it goes on, and what NOT NULL brings to it. */
interface Strict {
  readonly modify: Modify;
  readonly counted: readonly Step[];
  readonly notes: readonly string[];
}

/** The old column stays as it is: the new one holds the fill where it is NULL. */
function filled(m: Modify, fill: string, told: readonly string[]): Strict {
  const { table, context, old } = m;
  refuseExpression("fill", fill, table, context, [old.name]);
  const up = `COALESCE(${context.up ?? quote(old.name)}, ${fill})`;
  const note = `Where ${old.name} is NULL, it is ${fill} from the swap on; until then, and behind a rollback, it stays NULL.`;
  return { modify: { ...m, context: { ...context, up } }, counted: [], notes: [...told, note] };
}

/**
 * A column that becomes NOT NULL with another type: NULL becomes the fill on the way to the new type where one is given, or the
 * file's own UPDATE tells it; else rows that hold NULL are counted, and the contract waits until there is none.
 *
 * @throws Refusal
 */
export function becomingNotNull(m: Modify): Strict {
  const { context, table, old, changes } = m;
  if (!changes.has("not-null")) return { modify: m, counted: [], notes: [] };
  if (context.fill !== null) return filled(m, context.fill, []);
  const own = ownFill({ ...m, column: old }, givenReader(context.dialect));
  if (own !== null) return filled(m, own, [ownFillNote(old.name, own)]);
  const f = { context, table, column: old, id: () => stepId(m, "verify-null") };
  return { modify: m, counted: counting(f, without(f, nullsHelp(context))), notes: [] };
}
