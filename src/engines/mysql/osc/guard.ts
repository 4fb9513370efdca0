/** How long a program may take to end when whoever started it is gone, milliseconds. */
export const ORPHAN_MS = 5_000;

/** What a guard is told: the first line of its input, as JSON. */
export interface Guarded {
  readonly program: string;
  readonly args: readonly string[];
  /** Removed when whoever started it is gone. */
  readonly folder: string;
  readonly orphanMs: number;
}

/**
 * Runs in a process of its own, at the head of a process group, between zmigrate and the program: when its input ends, zmigrate
 * was killed, and the program must not go on and exchange tables that the next run works on. It is handed over as text:
 * nothing outside of it may be named.
 */
export function guard(): void {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const { rmSync } = process.getBuiltinModule("node:fs");
  let text = "";
  let told: Guarded | null = null;
  const toAll = (signal: NodeJS.Signals) => {
    try {
      process.kill(-process.pid, signal);
    } catch {}
  };
  const leave = (code: number) => {
    if (orphan && told !== null) rmSync(told.folder, { recursive: true, force: true });
    process.exit(code);
  };
  let orphan = false;
  // What ends the group ends the program; how it ended is still to be told.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => undefined);
  const start = (given: Guarded) => {
    const child = spawn(given.program, given.args, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", (error) => {
      process.stderr.write(`${error.message}\n`);
      leave(127);
    });
    child.on("exit", (code) => leave(code ?? 255));
  };
  process.stdin.on("data", (chunk) => {
    text += String(chunk);
    const end = text.indexOf("\n");
    if (told !== null || end < 0) return;
    told = JSON.parse(text.slice(0, end)) as Guarded;
    start(told);
  });
  process.stdin.on("close", () => {
    orphan = true;
    toAll("SIGTERM");
    const last = () => {
      if (told !== null) rmSync(told.folder, { recursive: true, force: true });
      toAll("SIGKILL");
    };
    setTimeout(last, told?.orphanMs ?? 0);
  });
}
