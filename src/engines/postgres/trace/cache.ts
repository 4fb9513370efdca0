import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** `dist`, be this file run from there or from the sources. */
function built(): string {
  const root = join(dirname(fileURLToPath(import.meta.url)), "../../../..");
  return basename(root) === "dist" ? root : join(root, "dist");
}

/**
 * Where the data folder of an empty PGlite is kept, beside the program: to make one takes several times as long as to
 * load it. Nobody can change it but who can change the program.
 */
const fileFor = (version: string): string => join(built(), "cache", `pglite-${version}.tar`);

/** The kept data folder; null when there is none. */
export function keptDataFolder(version: string): Blob | null {
  try {
    return new Blob([readFileSync(fileFor(version))]);
  } catch {
    return null;
  }
}

/** Keeps a data folder for the next time. A disk that cannot be written to is no error: it is made again then. */
export async function keepDataFolder(version: string, folder: Blob): Promise<void> {
  const file = fileFor(version);
  const written = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(written, new Uint8Array(await folder.arrayBuffer()));
    renameSync(written, file);
  } catch {
    // Made again the next time.
  }
}
