import { DRIFT } from "./errors/drift.js";
import { INPUT } from "./errors/input.js";
import { OWN } from "./errors/own.js";
import type { Prose } from "./errors/prose.js";
import { REBUILD } from "./errors/rebuild.js";
import { ROLLBACK } from "./errors/rollback.js";
import { SERVER } from "./errors/server.js";
import { STEP } from "./errors/step.js";
import { WAITING } from "./errors/waiting.js";

/** Every error that a person may meet: its code, its exit code and its prose, by what it is about. */
const PROSE = {
  ...INPUT,
  ...SERVER,
  ...STEP,
  ...REBUILD,
  ...DRIFT,
  ...ROLLBACK,
  ...WAITING,
  ...OWN,
};

export type ErrorCode = keyof typeof PROSE;
export type ErrorData<C extends ErrorCode> = Parameters<(typeof PROSE)[C]>[0];

const BRAND = Symbol.for("zmigrate.ZmigrateError");

/**
 * The one error class that commands throw. `message` is a sentence for people, `help` says what to do next,
 * `code` and `data` are for programs and tests.
 *
 * @example
 * throw new ZmigrateError("file-not-found", { file: "migrations/x.sql" }, { cause: error });
 */
export class ZmigrateError<C extends ErrorCode = ErrorCode> extends Error {
  /** The command line's bundle has a copy of this class: each knows the other's errors. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  readonly [BRAND] = true;
  override readonly name = "ZmigrateError";
  readonly code: C;
  readonly data: ErrorData<C>;
  readonly help: string;
  readonly exitCode: 1 | 2 | 3 | 4;

  constructor(code: C, data: ErrorData<C>, options?: { cause?: unknown }) {
    const prose = (PROSE[code] as unknown as (data: ErrorData<C>) => Prose)(data);
    super(prose.message, options);
    this.code = code;
    this.data = data;
    this.help = prose.help;
    this.exitCode = prose.exit;
  }
}

/** True for an error of this code. */
export function isError<C extends ErrorCode>(error: unknown, code: C): error is ZmigrateError<C> {
  return error instanceof ZmigrateError && error.code === code;
}
