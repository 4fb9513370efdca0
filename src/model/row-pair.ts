import type { RelationName } from "./name.js";

/**
 * A value in the old shape of a row and in the new one, as it can be tried on live rows before anything is changed.
 * Fragments are SQL of the engine, over columns of `relation` as it is now.
 */
export interface RowPair {
  readonly relation: RelationName;
  /** For people: `name`, or `full_name`. */
  readonly columns: string;
  /** True for a row whose old value is not what its new value gives back. It fails where a value takes no conversion. */
  readonly lossy: string;
}

/** What the rows of a sample say of a pair. */
export interface SampledPair {
  readonly relation: RelationName;
  readonly columns: string;
  /** Rows that were tried. */
  readonly sampled: number;
  /** How many of them do not come back as they were. */
  readonly lossy: number;
  /** Keys of a few of those. */
  readonly examples: readonly string[];
  /** The first row that takes no conversion, and what the server says of it. */
  readonly failed: { readonly key: string; readonly reason: string } | null;
  /** Why no more rows were tried; null where the sample is whole. */
  readonly stopped: string | null;
}
