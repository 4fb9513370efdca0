import { spawn } from "node:child_process";

/** What a watchdog looks after: a server's process and the folder that dies with it. */
export interface Watched {
  readonly pid: number;
  /** Removed once the process is gone; null leaves all folders alone. */
  readonly folder: string | null;
}

/**
 * Waits for a line. With one, the owner has cleaned up. Without one the pipe was closed by the owner's death, even by
 * kill -9: end the server and remove its folder. PostgreSQL takes INT for a fast shutdown and TERM after it for
 * nothing; MySQL knows only TERM.
 */
const SCRIPT = `
read -r line && exit 0
kill -INT "$1" 2>/dev/null
kill -TERM "$1" 2>/dev/null
n=0
while kill -0 "$1" 2>/dev/null && [ $n -lt 50 ]; do n=$((n + 1)); sleep 0.1; done
kill -KILL "$1" 2>/dev/null
[ -n "$2" ] && rm -rf -- "$2"
`;

/**
 * Sees to it that a server does not outlive this process. Returns the function that calls the watchdog off, for when
 * the server has ended. Windows has no sh: there the server is on its own.
 */
export function watch(watched: Watched): () => void {
  if (process.platform === "win32") return () => undefined;
  const args = ["-c", SCRIPT, "sh", String(watched.pid), watched.folder ?? ""];
  // Detached, because Ctrl-C in a terminal goes to the whole group and would end the watchdog first.
  const child = spawn("/bin/sh", args, { stdio: ["pipe", "ignore", "ignore"], detached: true, cwd: "/" });
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.unref();
  return () => {
    child.stdin.end("done\n");
  };
}
