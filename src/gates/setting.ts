import type { Elsewhere } from "../config/environments.js";
import type { Variables } from "../engines/signal.js";
import type { Command } from "./command.js";
import type { Flags } from "./flag.js";
import type { HttpCheck } from "./http.js";
import type { Canary } from "./prometheus.js";

/** What a configuration says of gates, read. */
export interface GateSettings {
  readonly http?: readonly HttpCheck[] | undefined;
  readonly prometheus?: readonly Canary[] | undefined;
  /** What sessions of the application call themselves. */
  readonly connected?: readonly string[] | undefined;
  /** Globs of source files. */
  readonly code?: readonly string[] | undefined;
  /** Databases in which the migration must be expanded. */
  readonly environments?: readonly Elsewhere[] | undefined;
  readonly command?: readonly Command[] | undefined;
  readonly flag?: Flags | undefined;
  /** The variables that they name. */
  readonly env: Variables;
}

/** Those that a configuration need not name. */
export const NO_GATES: GateSettings = Object.freeze({ env: Object.freeze({}) });
