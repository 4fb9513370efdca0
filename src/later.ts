import { ZmigrateError } from "./errors.js";

/** A module that only some commands need. */
export interface Later<M> {
  /** Cheap when called again. */
  readonly load: () => Promise<void>;
  /** @throws ZmigrateError internal, before `load` */
  readonly loaded: () => M;
}

/**
 * A module that is loaded when it is asked for, and used as if it had always been there.
 *
 * @param what it is called in the error of a caller who did not load it
 * @example
 * const planner = later(() => import("./strategies/index.js"), "the planner");
 * await planner.load();
 * planner.loaded().planOperation(operation, context);
 */
export function later<M>(module: () => Promise<M>, what: string): Later<M> {
  let here: M | null = null;
  return Object.freeze({
    load: async () => {
      here ??= await module();
    },
    loaded: () => {
      if (here === null) throw new ZmigrateError("internal", { reason: `${what} was used before load()` });
      return here;
    },
  });
}
