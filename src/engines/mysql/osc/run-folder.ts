import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "zmigrate-osc-";

/** Folders of this process. */
const own = new Set<string>();

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One that belongs to somebody else is alive all the same.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** What a run was killed in, and its guard with it, before it could remove it. */
function isLeft(name: string): boolean {
  const folder = join(tmpdir(), name);
  const [, pid] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? [];
  if (pid === undefined || own.has(folder)) return false;
  try {
    if (statSync(folder).uid !== process.getuid?.()) return false;
  } catch {
    return false;
  }
  // In a container the next run often has the number of the last one.
  return Number(pid) === process.pid || !isAlive(Number(pid));
}

/** Removes the folders, and the passwords in them, of runs that are no more. Others' are left alone. */
export function sweep(): void {
  for (const name of readdirSync(tmpdir()).filter(isLeft))
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
}

/** A folder that only this user may enter, with a file of credentials that only this user may read. */
export interface RunFolder {
  readonly folder: string;
  readonly file: string;
  remove(): void;
}

export function runFolder(credentials: string): RunFolder {
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  own.add(folder);
  const file = join(folder, "client.cnf");
  writeFileSync(file, credentials, { flag: "wx", mode: 0o600 });
  return {
    folder,
    file,
    remove() {
      rmSync(folder, { recursive: true, force: true });
      own.delete(folder);
    },
  };
}
