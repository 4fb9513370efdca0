import type { Node } from "libpg-query";
import type { Operation } from "../../../../model/operation.js";
import type { Run, Source } from "../source.js";

/** What a statement does: one operation or several. */
export type ReadOperations = (source: Source, node: Node | undefined, run: Run) => readonly Operation[];

/** A statement while it is read: its text, and which tokens are its. */
export interface Reading {
  readonly source: Source;
  readonly run: Run;
  /** Reads a statement that stands inside this one. */
  readonly nested: ReadOperations;
}
