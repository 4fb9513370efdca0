import type { Io, Output } from "./command.js";

/** The real process as a command sees it. */
export function processIo(process: NodeJS.Process): Io {
  const { env } = process;
  return Object.freeze({
    stdout: output(process.stdout, env),
    stderr: output(process.stderr, env),
    readStdin: () => readAll(process.stdin),
    env,
    cwd: process.cwd(),
  });
}

/** A reader that went away (`zmigrate lint | head`) must not stop a migration: what is written then is dropped. */
function output(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Output {
  let open = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    open = false;
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
