import type { Phased } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { Claim, LateChange, MadeObject, PlanRefusal } from "../model/plan.js";
import type { Exchanged } from "./behind-exchange.js";
import type { Regrouped } from "./behind-partition.js";
import type { Written } from "./data-order.js";
import type { LateInFile } from "./late-for-rows.js";
import type { LateName } from "./late-names.js";
import type { Handled } from "./own-holder.js";
import type { Said } from "./said.js";

/** What is known while the operations of a file are planned one after the other. */
export interface Progress {
  readonly phased: Phased[];
  readonly written: Written[];
  readonly regrouped: Regrouped[];
  readonly refusals: PlanRefusal[];
  readonly creates: RelationName[];
  readonly makes: MadeObject[];
  readonly fills: RelationName[];
  readonly late: LateName[];
  readonly given: LateName[];
  readonly changes: LateChange[];
  readonly backfilled: LateChange[];
  readonly lateRows: LateInFile[];
  readonly wants: Claim[];
  readonly exchanged: Exchanged[];
  readonly said: Said[];
  readonly handled: Handled[];
  catalog: Catalog;
  ordinal: number;
}
