import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Io, Output } from "../../src/commands/command.js";

/** A folder of its own, and what a command writes there and to its streams. */
export interface Sandbox {
  readonly cwd: string;
  readonly io: Io;
  stdout(): string;
  stderr(): string;
  put(file: string, text: string): string;
  remove(): void;
}

/** An Io over strings, in a new temporary folder. */
export function sandbox(env: Io["env"] = {}, stdin = ""): Sandbox {
  const cwd = mkdtempSync(join(tmpdir(), "zmigrate-command-"));
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr"): Output => ({
    write: (text) => {
      written[name] += text;
    },
    isTTY: false,
    color: false,
  });
  const readStdin = async (): Promise<Uint8Array> => Buffer.from(stdin);
  return {
    cwd,
    io: { stdout: output("stdout"), stderr: output("stderr"), readStdin, env, cwd },
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    put(file, text) {
      const path = join(cwd, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    remove: () => rmSync(cwd, { recursive: true, force: true }),
  };
}
