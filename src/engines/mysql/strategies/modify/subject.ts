import type { Column, Table } from "../../../../model/catalog.js";
import type { ModifyColumn } from "../../../../model/detail/column.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { quote } from "../../names.js";
import type { MysqlContext } from "../algorithms.js";
import type { Changed } from "./changes.js";

/** A column that is defined anew, and what of it changes. */
export interface Modify {
  readonly context: MysqlContext;
  readonly operation: OtherOperation;
  readonly detail: ModifyColumn;
  readonly table: Table;
  readonly old: Column;
  readonly changes: ReadonlySet<Changed>;
  /** Tells the steps of one column from those of another that the same operation changes; absent where it is one. */
  readonly part?: number;
}

/** ` AFTER x`, ` FIRST` or nothing. */
export const placeText = (position: ModifyColumn["position"]): string =>
  position === null ? "" : position === "first" ? " FIRST" : ` AFTER ${quote(position.after)}`;

/** The change as it stands behind `ALTER TABLE t`, without an algorithm. */
export const changeText = ({ detail }: Modify): string =>
  `MODIFY COLUMN ${detail.definition.text}${placeText(detail.position)}`;

export const stepId = ({ context, part }: Modify, name: string): string =>
  `${context.ordinal}-${part === undefined ? "" : `${part}-`}${name}`;
