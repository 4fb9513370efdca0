import { redact } from "../config/redact.js";
import { type ErrorCode, type ErrorData, ZmigrateError } from "../errors.js";
import { printable } from "../report/lint/printable.js";
import type { ExitCode, Io } from "./command.js";

/**
 * Prints an error for a person and returns the exit code. What is not a ZmigrateError is our own defect; its stack is
 * shown with ZMIGRATE_DEBUG.
 *
 * @param secrets texts that are hidden wherever they stand in what the error is about; its own words stay
 */
export function reportFailure(error: unknown, io: Io, secrets: readonly string[]): ExitCode {
  const known = withoutSecrets(error instanceof ZmigrateError ? error : defect(error), secrets);
  const debug = (io.env.ZMIGRATE_DEBUG ?? "") !== "" ? `\n${redact(stackOf(error), secrets)}` : "";
  // A name in a database may hold anything, and must not move the cursor of who reads it.
  io.stderr.write(printable(`error: ${known.message}\n  ${known.help}${debug}\n`));
  return known.exitCode;
}

/**
 * The same error without secrets. The data is searched and not the sentence: a password that is a word of ours would
 * make a riddle of every message, and would be told by it.
 *
 * @example
 * withoutSecrets(error, secretsOf([databaseUrl])).message
 */
export function withoutSecrets<C extends ErrorCode>(
  error: ZmigrateError<C>,
  secrets: readonly string[],
): ZmigrateError<C> {
  const data = hiddenIn(error.data, secrets) as ErrorData<C>;
  const same = new ZmigrateError(error.code, data, { cause: error.cause });
  if (error.stack !== undefined) same.stack = error.stack;
  return same;
}

function hiddenIn(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return redact(value, secrets);
  if (Array.isArray(value)) return value.map((item) => hiddenIn(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hiddenIn(item, secrets)]));
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
