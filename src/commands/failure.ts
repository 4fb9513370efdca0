import { redact } from "../config/redact.js";
import { ZmigrateError } from "../errors.js";
import type { ExitCode, Io } from "./command.js";

/**
 * Prints an error for a person and returns the exit code. What is not a ZmigrateError is our own defect; its stack is
 * shown with ZMIGRATE_DEBUG.
 *
 * @param secrets texts that are hidden wherever they stand
 */
export function reportFailure(error: unknown, io: Io, secrets: readonly string[]): ExitCode {
  const known = error instanceof ZmigrateError ? error : defect(error);
  const debug = (io.env.ZMIGRATE_DEBUG ?? "") !== "" ? `\n${stackOf(error)}` : "";
  io.stderr.write(redact(`error: ${known.message}\n  ${known.help}${debug}\n`, secrets));
  return known.exitCode;
}

function defect(error: unknown): ZmigrateError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ZmigrateError("internal", { reason }, { cause: error });
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
