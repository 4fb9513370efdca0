import type { AlterObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../../engine.js";
import { asWritten } from "../written.js";
import { namedBy, shownName } from "./known.js";

/**
 * ALTER TYPE ... ADD VALUE: nobody's rows change. In a transaction of its own, since a value can be used only when the
 * one that added it has committed (55P04).
 *
 * @throws Refusal for RENAME VALUE, which running code would not survive
 */
export function alterEnum(detail: AlterObject, operation: OtherOperation, context: StrategyContext): Phased {
  const named = namedBy(detail, operation, context);
  const type = named === null ? "the type" : shownName(named);
  const [value = "", renamed = ""] = detail.values ?? [];
  if (detail.changes[0] === "RENAME VALUE")
    throw new Refusal(
      `Old code writes and compares the value ${value} of ${type}: once it is ${renamed}, its statements fail (22P02).`,
      `Add the new value, or change the column's type: \`ALTER TYPE ... ADD VALUE '${renamed}'\`, then \`UPDATE\` the rows, or \`ALTER COLUMN ... TYPE\` with \`-- zmigrate:up\` and \`-- zmigrate:down\`.`,
    );
  return asWritten(
    operation,
    context,
    {
      name: "add-value",
      // After a rollback the value is still there.
      sql: [context.statement.replace(/\bADD\s+VALUE\s+(?!IF\s+NOT\s+EXISTS)/i, "ADD VALUE IF NOT EXISTS ")],
      reason: `No row changes. ${value} can be used as soon as this has committed.`,
    },
    {
      notes: [
        `Old code reads the value ${value} of ${type} as soon as new code writes it: it must know it, or take what it does not know.`,
      ],
      leaves: [`A rollback leaves ${value} of ${type}: the server drops no value of an enum.`],
    },
  );
}
