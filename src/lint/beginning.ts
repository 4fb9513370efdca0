import type { ExpandedTable } from "../../rules/rule.js";
import type { Catalog } from "../model/catalog.js";
import type { FileLint } from "./file.js";
import type { Unread } from "./unread.js";

/** What a judged file gave. */
export type JudgedFile = Omit<FileLint, "catalog">;

/** What the first files of a history came to: all that judging the next one rests on. */
export interface Beginning {
  /** How many files. */
  readonly files: number;
  /** The schema behind them. */
  readonly catalog: Catalog;
  /** Those of them that are judged, in order. */
  readonly judged: readonly JudgedFile[];
  /** The tables that they change for new code; empty unless all come with one deploy. */
  readonly expanded: readonly ExpandedTable[];
  /** What was not read of those that are not judged, and which one of the inputs that is. */
  readonly unread: readonly UnreadInput[];
}

/** Something that was not read of a file of a history. */
export interface UnreadInput extends Unread {
  /** Counted from 0. */
  readonly at: number;
}
