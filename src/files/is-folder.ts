import { type Stats, statSync } from "node:fs";

/** What is at a path, links followed; null where nothing is, or it cannot be looked at (a link to itself): reading it says why. */
export function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** Whether a folder is at a path. */
export const isFolder = (path: string): boolean => statOf(path)?.isDirectory() === true;
