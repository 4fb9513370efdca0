import { randomBytes } from "node:crypto";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** What is slow to make and the same for every run is kept here: $XDG_CACHE_HOME/zmigrate-test-servers. */
function cacheRoot(): string {
  const base = process.env.XDG_CACHE_HOME;
  return join(base === undefined || base === "" ? join(homedir(), ".cache") : base, "zmigrate-test-servers");
}

/**
 * A folder that is made once and kept. `make` fills a new folder beside it, which then takes the name at once: nobody
 * sees half a folder, and of two processes that make it together one wins and both may use it.
 */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheRoot(), name);
  if (await exists(folder)) return folder;
  const making = `${folder}.${process.pid}-${randomBytes(4).toString("hex")}`;
  await mkdir(making, { recursive: true });
  try {
    await make(making);
    await rename(making, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
    return folder;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
