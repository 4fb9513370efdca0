import type { StoredObject } from "../../../../model/catalog.js";
import type { AlterObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext, sameRelation } from "../../../engine.js";
import { quoteRelation } from "../../names.js";
import { ownerBack } from "../owner.js";
import { object } from "../privileges.js";
import { asWritten } from "../written.js";
import { alterDomain } from "./alter-domain.js";
import { alterEnum } from "./alter-enum.js";
import { alterPublication } from "./alter-publication.js";
import { mustBeAlone } from "./in-file.js";
import { type Named, namedBy, shownName, storedAs, storedOf } from "./known.js";
import { parametersIn } from "./parameters.js";
import { called, OF_SERVER, WORDS } from "./words.js";

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
  const isValue = object === "type" && changes[0] === "ADD VALUE";
  // Tables that are not new may have columns of a new domain.
  if (context.newObject === true && object !== "publication" && object !== "domain" && !isValue)
    return plainly(detail, operation, context, named);
  if (RENAMES.test(changes[0] ?? "")) refuseRename(what, named);
  if (object === "type" && /VALUE$/.test(changes[0] ?? "")) return alterEnum(detail, operation, context);
  if (object === "domain" && changes[0] !== "OWNER TO") return alterDomain(detail, operation, context);
  if (object === "publication" && changes[0] !== "OWNER TO") return alterPublication(detail, operation, context);
  return plainly(detail, operation, context, named);
}

function refuseRename(what: string, named: Named | null): never {
  throw new Refusal(
    `${what} takes away what old code names${named === null ? "" : ` of ${shownName(named)}`}.`,
    "Make what new code needs under another name, let code move over, and drop the old one in a later migration.",
  );
}

/** What the database has of it; undefined for nothing, and for routines that share a name and are not told apart. */
function storedBefore(detail: AlterObject, named: Named, context: StrategyContext): StoredObject | undefined {
  if (detail.object !== "function" && detail.object !== "procedure") return storedOf(named, context) ?? undefined;
  const parameters = parametersIn(context.statement)?.names.join("\0");
  const same = storedAs(named, context);
  if (parameters === undefined) return same.length > 1 ? undefined : same[0];
  return same.find((o) => o.parameters?.join("\0") === parameters);
}

/** A routine is named with its parameters: another one may share its name. */
function grantsOn(stored: StoredObject, context: StrategyContext): readonly string[] | undefined {
  const { object: kind, name, grants } = stored;
  const parameters = stored.parameters === null ? null : parametersIn(context.statement);
  if (parameters === null) return object(kind, name, context).grants;
  const routine = `${WORDS[kind]} ${quoteRelation(name)}(${parameters.text})`;
  return grants?.map((grant) => grant.replace("%object%", () => routine));
}

/** Who owns it, and what is granted on it; null where the database has not said it. */
function ownedBefore(detail: AlterObject, named: Named, context: StrategyContext) {
  const stored = storedBefore(detail, named, context);
  if (stored !== undefined) return { owner: stored.owner, grants: grantsOn(stored, context) };
  const { owned = [], defaultSchema } = context.catalog;
  const parameters = named.object === "aggregate" ? parametersIn(context.statement) : null;
  const found = owned.find(
    (o) =>
      o.object === named.object &&
      sameRelation(o.name, named.name, defaultSchema) &&
      o.parameters?.join("\0") === parameters?.names.join("\0"),
  );
  if (found === undefined) return null;
  // Rights on an aggregate are given as on any function.
  const word = parameters === null ? WORDS[named.object] : "FUNCTION";
  const address = `${word} ${quoteRelation(named.name)}${parameters === null ? "" : `(${parameters.text})`}`;
  return { owner: found.owner, grants: found.grants.map((grant) => grant.replace("%object%", () => address)) };
}

/** How it was, as far as the database printed it; null where it is not known. Where a sequence stands is not printed. */
function undoOf(detail: AlterObject, named: Named | null, context: StrategyContext): readonly string[] | null {
  if (named === null) return null;
  const [change = "", ...more] = detail.changes;
  if (change === "OWNER TO") {
    const before = ownedBefore(detail, named, context);
    return before === null ? null : ownerBack(context.statement, detail.values?.[0] ?? "", before);
  }
  const unprinted = [change, ...more].some((c) => /^(?:RESTART|OWNED|OWNER)/.test(c));
  return unprinted ? null : (storedBefore(detail, named, context)?.restore ?? null);
}

function plainly(
  detail: AlterObject,
  operation: OtherOperation,
  context: StrategyContext,
  named: Named | null,
): Phased {
  const undo = undoOf(detail, named, context);
  const tightens = TIGHTENS.test(detail.changes[0] ?? "") || detail.object === "policy";
  const contracts = tightens && context.newObject !== true;
  const name = `${called(detail.object)}${named === null ? "" : ` ${shownName(named)}`}`;
  const given = {
    name: `alter-${detail.object}`,
    sql: [context.statement],
    undo: undo ?? [],
    ...(contracts ? ({ phase: "contract", stage: "swap" } as const) : {}),
    reason: contracts ? "Old code may have relied on how it was." : "Changes the catalog only, under a brief lock.",
  };
  const left = `A rollback leaves the ${name} as this statement makes it: how it was before is not known.`;
  return asWritten(operation, context, given, undo !== null ? {} : { leaves: [left] });
}
