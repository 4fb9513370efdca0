import type { Migration } from "../model/migration.js";
import type { MigrationRecord } from "./records.js";

const MARK = "-";

/** What stands in the place of a checksum where a person has said, by `repair`, that the migration goes on without its file. */
export const withoutFile = (checksum: string): string =>
  goesOnWithout(checksum) ? checksum : `${MARK}${checksum}`.slice(0, checksum.length);

/** Whether a recorded checksum says so. */
export const goesOnWithout = (checksum: string): boolean => checksum.startsWith(MARK);

/** Whether a file is the one that was recorded, or the one that the migration went on without. */
export const isRecorded = (checksum: string, recorded: string): boolean =>
  checksum === recorded || withoutFile(checksum) === recorded;

/**
 * The folder's migrations in order, with those that go on without their files: all that is left of such a one are the
 * steps that were planned when it began.
 *
 * @example
 * const todo = folderWith(migrations, records).filter((m) => !isOver(m));
 */
export function folderWith<M extends Pick<Migration, "id">>(
  folder: readonly M[],
  records: readonly MigrationRecord[],
): readonly (M | Migration)[] {
  const there = new Set(folder.map((m) => m.id));
  const without = records
    .filter(({ id, status, checksum }) => goesOnWithout(checksum) && status !== "rolled-back" && !there.has(id))
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
