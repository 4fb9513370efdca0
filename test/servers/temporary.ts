import { accessSync, chmodSync, constants, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";

/** Where Linux keeps files in memory. */
const MEMORY = "/dev/shm";

/** Several times what all servers of a run hold at once. */
const ROOM_BYTES = 8 * 2 ** 30;

/**
 * Has the temporary folders of this run, also those of servers, made in memory, if there is room: on disk a file system
 * spends minutes on the files that the databases of one run make and remove. A TMPDIR that is set stays.
 *
 * @returns what removes them
 */
export function useMemory(): () => void {
  const told = process.env.TMPDIR;
  if ((told !== undefined && told !== "") || !hasRoom()) return () => undefined;
  const folder = mkdtempSync(join(MEMORY, "zmigrate-tests-"));
  // Servers that run as another user have their own folders in it.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

function hasRoom(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    // Tests put programs into their folders, too.
    const runs = /^\S+ \/dev\/shm tmpfs (?!\S*\bnoexec\b)/m.test(readFileSync("/proc/mounts", "utf8"));
    return runs && Math.min(bavail * bsize, freemem()) >= ROOM_BYTES;
  } catch {
    return false;
  }
}
