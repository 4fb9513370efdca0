import type { Table } from "../model/catalog.js";
import type { ColumnDefinition } from "../model/operation.js";
import type { Step } from "../model/step.js";
import { type StrategyContext, sameRelation } from "./engine.js";

/** Where in the three phases a step stands. */
export type Place = Pick<Step, "phase" | "stage">;

export const EXPAND: Place = Object.freeze({ phase: "expand", stage: null });
export const BACKFILL: Place = Object.freeze({ phase: "backfill", stage: null });
export const SWAP: Place = Object.freeze({ phase: "contract", stage: "swap" });
export const DROP: Place = Object.freeze({ phase: "contract", stage: "drop" });

/** The columns that this file adds to a table: running code neither reads nor writes them. */
export const columnsOfFile = (table: Table, { file, catalog }: StrategyContext): readonly ColumnDefinition[] =>
  file.flatMap(({ operation }) =>
    operation.kind === "add-column" && sameRelation(operation.relation, table.relation, catalog.defaultSchema)
      ? [operation.column]
      : [],
  );
