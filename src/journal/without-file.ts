import type { Migration } from "../model/migration.js";
import type { MigrationRecord } from "./records.js";

/** In the place of a checksum: a person has said, by `repair`, that the migration goes on without its file. */
export const NO_FILE = "none";

/**
 * The folder's migrations in order, with those that go on without their files: all that is left of such a one are the
 * steps that were planned when it began.
 *
 * @example
 * const todo = folderWith(migrations, records).filter((m) => !isOver(m));
 */
export function folderWith(folder: readonly Migration[], records: readonly MigrationRecord[]): readonly Migration[] {
  const there = new Set(folder.map((m) => m.id));
  const without = records
    .filter(({ id, status, checksum }) => checksum === NO_FILE && status !== "rolled-back" && !there.has(id))
    .map(({ id, name, file, checksum }) => ({
      id,
      slug: name,
      file,
      checksum,
      text: "",
      statements: [],
      directives: [],
    }));
  if (without.length === 0) return folder;
  return [...folder, ...without].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
