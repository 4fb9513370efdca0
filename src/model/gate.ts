/** A gate's verdict. "unknown" counts as closed. */
export interface GateResult {
  readonly name: string;
  readonly state: "open" | "closed" | "unknown";
  /** The evidence, for people. */
  readonly reason: string;
  /** The same, for programs; absent where the words say it all. */
  readonly evidence?: Readonly<Record<string, unknown>>;
  /** Present where it is not open and a person goes on all the same: why. */
  readonly accepted?: string;
  /** True where it is closed and opens by itself, most likely within moments. */
  readonly passing?: boolean;
}

/** It keeps nobody from going on. */
export const isPassed = ({ state, accepted }: GateResult): boolean => state === "open" || accepted !== undefined;
