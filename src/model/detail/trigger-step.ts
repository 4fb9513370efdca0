/**
 * What a trigger's function does, as far as it matters to whether a row gets written: the steps of its body, in their order. The
 * same function may be called for several tables and events, so that nothing is judged here.
 */
export type TriggerStep =
  /** It names these columns of NEW and OLD: one that the table does not have is an error. */
  | { readonly kind: "names"; readonly columns: readonly string[] }
  /** The first arm whose condition holds; none may. An ELSE has no condition. */
  | { readonly kind: "if"; readonly arms: readonly TriggerArm[] }
  /** What may be run once, often, or never, and whose errors may be caught. */
  | { readonly kind: "maybe"; readonly steps: readonly TriggerStep[] }
  /** `nothing` where the body ends without a RETURN. */
  | { readonly kind: "returns"; readonly what: "new" | "old" | "null" | "other" | "nothing" }
  | { readonly kind: "raises" }
  /** A statement of SQL, as `CodeOperation` has it. */
  | { readonly kind: "runs"; readonly statement: string };

export interface TriggerArm {
  /** As written; null for ELSE. */
  readonly condition: string | null;
  readonly steps: readonly TriggerStep[];
}

/** The body of a trigger's function. */
export interface TriggerBody {
  readonly steps: readonly TriggerStep[];
  /** It sets columns of NEW, so that there is a NEW row even where a DELETE has none. */
  readonly setsNew: boolean;
  /** Its variables, which stand before columns of their names, or are told apart from those by an error. */
  readonly variables: readonly string[];
  /** It runs statements of its own, which may write the row elsewhere. */
  readonly acts: boolean;
}
