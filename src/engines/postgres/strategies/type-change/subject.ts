import { isExact } from "../../../../history/definitions.js";
import type { Column, Constraint } from "../../../../model/catalog.js";
import type { AlterColumnType } from "../../../../model/detail/column.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { StrategyContext } from "../../../engine.js";
import type { Place } from "../../../place.js";
import { BACKFILL, SWAP } from "../../../place.js";
import { generatedName, shortHash } from "../../names.js";
import { isDeferrable } from "../deferrable.js";
import type { Rename } from "../rename/subject.js";
import { goesWithParked } from "../shared.js";
import { columnOf, constraintsNaming, mustBePlain, mustTakeUpdates, tableOf } from "../subject.js";
import type { Conversion } from "./conversion.js";
import { defaultAfter } from "./default.js";
import { type Inbound, inboundOf } from "./inbound.js";
import { refuseWhatCannotTravel } from "./refuse.js";
import { backOf, forthOf } from "./ways.js";

/** All that the steps of one change of type need to know: a rename from the column to its shadow, and what differs. */
export interface Retype extends Rename {
  readonly detail: AlterColumnType;
  /** What the shadow holds for the column. */
  readonly forth: Conversion;
  /** What the parked column holds for the column that has taken its name. */
  readonly back: Conversion;
  /** Two values of the new type that are equal are identical. */
  readonly comparable: boolean;
  readonly primaryKey: Constraint | null;
  /** Part of the primary key, or counted by an identity: it stays NOT NULL when it is parked. */
  readonly keyed: boolean;
  /** Foreign keys that point at the key. */
  readonly inbound: readonly Inbound[];
  /** What the column has as a default after the swap, as the file says. */
  readonly default: string | null;
  /** Where constraints of the shadow hold: values that old code writes may not satisfy them, unless the conversion is sure. */
  readonly place: Place;
}

const isKeyed = (old: Column, key: Constraint | null): boolean => key !== null || old.identity !== null;

/** @throws Refusal where the change cannot be made in phases */
export function subject(detail: AlterColumnType, operation: OtherOperation, context: StrategyContext): Retype {
  const table = tableOf(operation.relation ?? { schema: null, name: "" }, context);
  const old = columnOf(table, detail.column);
  mustBePlain(table, "changing a column's type in phases");
  mustTakeUpdates(table);
  const { relation } = table;
  const hash = shortHash(context.migrationId, relation.schema ?? "", relation.name, old.name, "type");
  const constraints = constraintsNaming(table, old.name).filter((c) => !goesWithParked(c));
  const of = (kind: Constraint["kind"]) => constraints.filter((c) => c.kind === kind);
  const primaryKey = of("primary-key")[0] ?? null;
  const deferrable = of("unique").filter(isDeferrable);
  const forth = forthOf(detail, table, old, context);
  const found = {
    table,
    relation,
    old,
    to: generatedName("zmigrate_new", old.name, hash),
    hash,
    parked: generatedName("zmigrate_dropped", old.name, hash),
    context,
    indexes: table.indexes.filter(
      (i) =>
        i.valid &&
        i.columns.includes(old.name) &&
        !goesWithParked(i) &&
        !deferrable.some((c) => c.name === i.constraint),
    ),
    checks: of("check"),
    foreignKeys: of("foreign-key"),
    uniques: of("unique").filter((c) => !isDeferrable(c)),
    deferrable,
    notNull: of("not-null")[0] ?? null,
    detail,
    forth,
    comparable: isExact(detail.type) && detail.collation === null,
    primaryKey,
    keyed: isKeyed(old, primaryKey),
    inbound: inboundOf(table, old.name, primaryKey, context),
    default: defaultAfter(old, detail, { operation, context, table }),
    place: forth.sure ? BACKFILL : SWAP,
  };
  const made: Retype = { ...found, back: backOf(detail, table, old, found.keyed, context) };
  refuseWhatCannotTravel(made);
  return made;
}
