import { ZmigrateError } from "../errors.js";
import type { Io, Output } from "./command.js";

/**
 * The real process as a command sees it.
 *
 * @param failed told when an output cannot be written for another reason than that its reader went away
 */
export function processIo(process: NodeJS.Process, failed: (error: Error) => void): Io {
  const { env } = process;
  return Object.freeze({
    stdout: output(process.stdout, env, failed),
    stderr: output(process.stderr, env, failed),
    readStdin: () => readAll(process.stdin),
    env,
    cwd: process.cwd(),
  });
}

/** A reader that went away (`zmigrate lint | head`) or a full disk must not stop a migration: the rest is dropped. */
function output(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv, failed: (error: Error) => void): Output {
  let open = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    open = false;
    if (error.code !== "EPIPE") failed(new ZmigrateError("output-failed", { reason: error.message }, { cause: error }));
  });
  const isTTY = stream.isTTY === true;
  return Object.freeze({
    write(text: string): void {
      if (open) stream.write(text);
    },
    isTTY,
    color: wantsColor(isTTY, env),
  });
}

/** Resolves once all that was written to a stream was handed on, or cannot be. */
export function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((done) => {
    if (stream.writableLength === 0 || stream.destroyed) done();
    else stream.write("", () => done());
  });
}

/** Any value of NO_COLOR and CI counts, save the empty one and `CI=false`. */
export function wantsColor(isTTY: boolean, env: Io["env"]): boolean {
  const set = (name: string): boolean => (env[name] ?? "") !== "";
  return isTTY && !set("NO_COLOR") && (!set("CI") || env.CI === "false") && env.TERM !== "dumb";
}

async function readAll(stream: NodeJS.ReadStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
