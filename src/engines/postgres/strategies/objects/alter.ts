import type { AlterObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../../engine.js";
import { asWritten } from "../written.js";
import { alterDomain } from "./alter-domain.js";
import { alterEnum } from "./alter-enum.js";
import { alterPublication } from "./alter-publication.js";
import { mustBeAlone } from "./in-file.js";
import { type Named, namedBy, shownName, storedOf } from "./known.js";
import { parametersIn } from "./parameters.js";
import { called, OF_SERVER } from "./words.js";

/** What takes a name away from those who use it. */
const RENAMES = /^(?:SET SCHEMA|RENAME (?:COLUMN|ATTRIBUTE)|(?:DROP|ALTER) (?:COLUMN|ATTRIBUTE)(?: TYPE)?$|DETACH)/;
/** What may forbid something to old code, or show it other rows. */
const TIGHTENS = /^(?:OWNER TO|OPTIONS|SET NOT NULL|ADD ATTRIBUTE)/;

/**
 * ALTER of what is no table: in expand where nobody notices, in contract where old code may, and refused where it takes
 * away what old code names.
 *
 * @throws Refusal
 */
export function alterObject(detail: AlterObject, operation: OtherOperation, context: StrategyContext): Phased {
  const { object, changes } = detail;
  const what = `ALTER ${called(object).toUpperCase()} ... ${changes.join(" ")}`;
  if (OF_SERVER.has(object) && object !== "database")
    throw new Refusal(`A ${object} belongs to the server and not to this database's schema.`, "Change it by hand.");
  mustBeAlone(context, what);
  const named = namedBy(detail, operation, context);
  if (RENAMES.test(changes[0] ?? "")) refuseRename(what, named);
  if (object === "type" && /VALUE$/.test(changes[0] ?? "")) return alterEnum(detail, operation, context);
  if (object === "domain") return alterDomain(detail, operation, context);
  if (object === "publication") return alterPublication(detail, operation, context);
  return plainly(detail, operation, context, named);
}

function refuseRename(what: string, named: Named | null): never {
  throw new Refusal(
    `${what} takes away what old code names${named === null ? "" : ` of ${shownName(named)}`}.`,
    "Make what new code needs under another name, let code move over, and drop the old one in a later migration.",
  );
}

/** How it was, as far as the database printed it. Where a sequence stands is not printed. */
function undoOf(detail: AlterObject, named: Named | null, context: StrategyContext): readonly string[] {
  if (
    named === null ||
    detail.changes.some((c) => c.startsWith("RESTART") || c.startsWith("OWNED") || c.startsWith("OWNER"))
  )
    return [];
  if (detail.object !== "function" && detail.object !== "procedure") return storedOf(named, context)?.restore ?? [];
  const parameters = parametersIn(context.statement)?.names.join("\0");
  const same = (context.catalog.objects ?? []).filter(
    (o) =>
      o.object === detail.object &&
      o.name.name === named.name.name &&
      o.name.schema === named.name.schema &&
      o.gone !== true,
  );
  const found =
    parameters === undefined && same.length > 1
      ? undefined
      : same.find((o) => parameters === undefined || o.parameters?.join("\0") === parameters);
  return found?.restore ?? [];
}

function plainly(
  detail: AlterObject,
  operation: OtherOperation,
  context: StrategyContext,
  named: Named | null,
): Phased {
  const undo = undoOf(detail, named, context);
  const contracts = TIGHTENS.test(detail.changes[0] ?? "") || detail.object === "policy";
  const name = `${called(detail.object)}${named === null ? "" : ` ${shownName(named)}`}`;
  const given = {
    name: `alter-${detail.object}`,
    sql: [context.statement],
    undo,
    ...(contracts ? ({ phase: "contract", stage: "swap" } as const) : {}),
    reason: contracts ? "Old code may have relied on how it was." : "Changes the catalog only, under a brief lock.",
  };
  const left = `A rollback leaves the ${name} as this statement makes it: how it was before is not known.`;
  return asWritten(operation, context, given, undo.length > 0 ? {} : { leaves: [left] });
}
