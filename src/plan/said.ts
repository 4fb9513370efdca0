import { type Phased, Refusal, sameRelation } from "../engines/engine.js";
import { tableOfIndex } from "../engines/table-lookup.js";
import { mayName } from "../history/text.js";
import type { Catalog } from "../model/catalog.js";
import type { CommentOn } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { Retired } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { nameOf, type Place, rank } from "./data-order.js";

/**
 * A column, an index or a constraint (PostgreSQL) that an operation only says something of: it finds it by its name when it
 * runs, and what is said goes with what had the name then.
 */
export interface Said {
  readonly name: string;
  /** Of a column, its table; null for the name of an index or a constraint. */
  readonly columnOf: RelationName | null;
  /** True for options of an index: copies are not made with them, and a rollback of the swap asks for an index that is made like the former one. */
  readonly left: boolean;
}

const part = (name: string, left = false): Said => ({ name, columnOf: null, left });

function ofComment({ on, names = [] }: CommentOn, relation: RelationName | null): Said | null {
  const name = names.at(-1);
  if (name === undefined) return null;
  if (on === "column") return relation === null ? null : { name, columnOf: relation, left: false };
  return on === "index" || on === "tabconstraint" ? part(name) : null;
}

const LATER = "Put this statement into a later migration: it begins when this one has contracted.";

/** Null for an operation that does something else. */
export function saidOf(operation: Operation): Said | null {
  if (operation.kind !== "other") return null;
  const { detail, relation } = operation;
  switch (detail?.kind) {
    case "comment":
      return ofComment(detail, relation);
    case "set-table-option": {
      const index = detail.option === "CLUSTER ON" ? detail.value : /^INDEX (.*)$/s.exec(detail.value ?? "")?.[1];
      return index == null ? null : part(index);
    }
    case "alter-object":
      return detail.object === "index" && detail.name !== null ? part(detail.name.name, true) : null;
    default:
      return null;
  }
}

/** The steps of a change that make what has the name afterwards, or give it the name. */
export function stepsBefore(
  { name, columnOf }: Said,
  { retires, steps }: Pick<Phased, "retires" | "steps">,
  defaultSchema: string | null,
): readonly Step[] {
  const own = steps.filter((s) => s.stage !== "drop");
  if (columnOf === null) return own.filter((s) => s.sql.some((sql) => mayName(sql, name)));
  const isIt = (r: Retired) =>
    r.retypes === true && r.column === name && sameRelation(r.relation, columnOf, defaultSchema);
  return retires.some(isIt) ? own : [];
}

/**
 * What a file says of something that it makes, or exchanges, in front of that: it is said there and then.
 *
 * @param asked the phase that the author named
 * @throws Refusal where that phase comes before
 */
export function behindItsChange(
  before: readonly Phased[],
  operation: Operation,
  phased: Phased,
  asked: PhaseName | null,
  defaultSchema: string | null,
): Phased {
  const said = saidOf(operation);
  const [first] = phased.steps;
  if (said === null || first === undefined) return phased;
  const steps = before.flatMap((p) => stepsBefore(said, p, defaultSchema));
  const last = steps.reduce<Place>((late, s) => (rank(s) > rank(late) ? s : late), first);
  if (rank(last) <= rank(first)) return phased;
  const { phase, stage } = last;
  if (said.left && phase === "contract")
    throw new Refusal(`This file puts another index in the place of ${said.name} in ${nameOf(last)}.`, LATER);
  if (asked !== null)
    throw new Refusal(
      `This file makes or exchanges ${said.name} in ${nameOf(last)}, and this would say something of it in ${nameOf(first)} already.`,
      "Put this into that phase.",
    );
  return { ...phased, steps: phased.steps.map((s): Step => ({ ...s, phase, stage })) };
}

/**
 * What was said in front of a change and is not among what copies are made with.
 *
 * @param after the catalog behind the operation
 * @throws Refusal where the operation exchanges what it was said of
 */
export function refuseLeft(before: readonly Said[], next: Phased, after: Catalog): void {
  const lost = before.find(
    (said) =>
      said.left &&
      stepsBefore(said, next, after.defaultSchema).some((s) => s.phase === "contract") &&
      tableOfIndex(after, { schema: null, name: said.name }) !== null,
  );
  if (lost === undefined) return;
  throw new Refusal(
    `This puts another index in the place of ${lost.name}, without what this file has set of it before.`,
    `Leave that one out, and write it into a later migration: it begins when this one has contracted.`,
  );
}

/**
 * Why what is said has to wait for another migration, behind "that migration", and until when, behind "that one"; null when
 * it need not.
 */
export function saidTooEarly(
  said: Said,
  other: Pick<Phased, "retires" | "steps"> & { readonly swapped: boolean },
  defaultSchema: string | null,
): readonly [reason: string, until: string] | null {
  if ((other.swapped && !said.left) || stepsBefore(said, other, defaultSchema).length === 0) return null;
  if (said.left) return [`puts another index in the place of ${said.name}`, "has contracted"];
  if (said.columnOf === null) return [`has yet to make or exchange ${said.name}`, "is swapped"];
  return [`changes the type of ${said.name}: what is said of the former column would go with it`, "is swapped"];
}
