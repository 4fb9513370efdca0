import { resolve } from "node:path";
import { ZmigrateError } from "../errors.js";

/**
 * A path that this process can open and a person can read: as given, or absolute when `cwd` is not the process's own.
 *
 * @throws ZmigrateError usage, when it is a URL: one of a database may hold a password, so that none of it is repeated
 */
export function openablePath(cwd: string, path: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path))
    throw new ZmigrateError("usage", {
      reason: "A URL stands where a file or folder is meant.",
      help: "A database is named by --database-url or DATABASE_URL; name the migration as a path.",
    });
  return resolve(path) === resolve(cwd, path) ? path : resolve(cwd, path);
}
