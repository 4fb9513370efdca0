import { ZmigrateError } from "../errors.js";

/**
 * For an error before a server has said what it is, as when the connection is cut off at once: no run has begun.
 *
 * @throws ZmigrateError cannot-connect; an error that has its words already stays as it is
 */
export const notConnected =
  (target: string, describe: (error: unknown) => string) =>
  (cause: unknown): never => {
    if (cause instanceof ZmigrateError) throw cause;
    throw new ZmigrateError("cannot-connect", { target, reason: describe(cause) }, { cause });
  };
