import type { Variables } from "../engines/signal.js";

/** What a configuration says of signals. */
export interface ThrottleSetting {
  /** By name, as their kinds read them; `false` for one that is not wanted. */
  readonly signals: Readonly<Record<string, unknown>>;
  /** The variables that they name. */
  readonly env: Variables;
}

/** Those that are on by default. */
export const NO_SIGNALS: ThrottleSetting = Object.freeze({ signals: Object.freeze({}), env: Object.freeze({}) });
