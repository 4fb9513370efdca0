import { basename } from "node:path";

/** What a migration's file name says. */
export interface MigrationName {
  /** The 14 digits. */
  readonly id: string;
  readonly slug: string;
}

/** Characters of a slug in a name that zmigrate makes. */
export const LONGEST_SLUG = 100;

const NAME = /^(\d{14})_([A-Za-z0-9_-]+)\.sql$/;

const BACKFILL = /^(\d{14})_([A-Za-z0-9_-]+)\.backfill\.(?:ts|mts|js|mjs)$/;
/** What looks like one, misnamed ones among it. */
const LIKE_BACKFILL = /\.backfill\.[cm]?[jt]s$/i;

/** Reads `<14 digits>_<slug>.backfill.ts` (or `.mts`, `.js`, `.mjs`); null when the name has another form. */
export function parseBackfillName(path: string): MigrationName | null {
  const [, id, slug] = BACKFILL.exec(basename(path)) ?? [];
  return id === undefined || slug === undefined ? null : Object.freeze({ id, slug });
}

/** True for a backfill in TypeScript or JavaScript by the end of its name, whatever stands before that. */
export const isBackfillFile = (path: string): boolean => LIKE_BACKFILL.test(path);

/**
 * Reads `<14 digits>_<slug>.sql`; null when the name has another form. The digits are only compared, so that they need
 * not be a date. A dot in the slug is refused: other tools end their down files with `.down.sql`, which must not run.
 *
 * @example
 * parseMigrationName("migrations/20260102030405_add_age.sql") // { id: "20260102030405", slug: "add_age" }
 */
export function parseMigrationName(path: string): MigrationName | null {
  const [, id, slug] = NAME.exec(basename(path)) ?? [];
  return id === undefined || slug === undefined ? null : Object.freeze({ id, slug });
}
