import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseBackfillName, parseMigrationName } from "../name.js";
import { NOT_MIGRATIONS, refuseSpecial } from "../read.js";
import { sqlBelow } from "./below.js";
import { diesel } from "./diesel.js";
import { DRIZZLE_JOURNAL, drizzle } from "./drizzle.js";
import { flyway, flywayIn, locationAbove } from "./flyway.js";
import type { Layout, Listing } from "./layout.js";
import { readMarks } from "./marks.js";
import { atlas, counted, dbmate, golangMigrate, marked, own, sqlMigrate } from "./numbered.js";
import { drizzleFolders, prisma } from "./prisma.js";
import { knex, typeorm } from "./scripts.js";

/** The folder whose layout a file belongs to: Prisma and Diesel give each migration a folder of its own, Flyway looks into those below. */
export function layoutFolder(file: string): string {
  const folder = dirname(file);
  if (flyway.role(basename(file)) !== null) return locationAbove(folder);
  return /^(?:migration|up|down)\.sql$/.test(basename(file)) ? dirname(folder) : folder;
}

/**
 * The layout of a folder, by what stands in it; null when it is none that is known. A folder of 14-digit names is
 * zmigrate's own, whatever the marks in its files: they are read file by file.
 *
 * @throws ZmigrateError bad-config: a journal of Drizzle that cannot be read
 */
export function layoutOf(folder: string): Layout | null {
  const listing = list(folder);
  if (listing === null) return null;
  return byFolders(listing) ?? byNames(listing) ?? byMarks(listing, marked) ?? byNumbers(listing) ?? byDepth(listing);
}

function list(folder: string): Listing | null {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    return { folder, folders, files: entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name) };
  } catch {
    return null;
  }
}

function byFolders({ folder, files, folders }: Listing): Layout | null {
  if (existsSync(join(folder, DRIZZLE_JOURNAL))) return drizzle(folder);
  const holding = (name: string) => folders.find((sub) => existsSync(join(folder, sub, name)));
  // A folder of migrations that are files is not searched.
  const isOfFiles = files.includes("atlas.sum") || files.some((name) => parseMigrationName(name) !== null);
  if (isOfFiles && !files.includes("migration_lock.toml")) return null;
  const migration = holding("migration.sql");
  if (migration === undefined) return holding("up.sql") === undefined ? null : diesel;
  return existsSync(join(folder, migration, "snapshot.json")) ? drizzleFolders : prisma;
}

function byNames(listing: Listing): Layout | null {
  const { folder, files } = listing;
  const sql = files.filter((name) => name.endsWith(".sql") && !NOT_MIGRATIONS.has(name));
  const isOwn = (name: string): boolean => parseMigrationName(name) !== null;
  const paired = [flyway, golangMigrate].find((layout) => sql.some((name) => layout.role(name) === "up"));
  // Atlas writes its migrations as other tools want them, and these are then run by them.
  if (files.includes("atlas.sum")) return withSettings(paired, folder) ?? byMarks(listing, atlas) ?? atlas;
  if (sql.some(isOwn)) return sql.every(isOwn) ? own : (byMarks(listing, own) ?? own);
  if (sql.length === 0 && files.some((name) => parseBackfillName(name) !== null)) return own;
  const scripts = sql.length > 0 ? undefined : [knex, typeorm].find(({ role }) => files.some((f) => role(f) === "up"));
  return scripts ?? withSettings(paired, folder);
}

const withSettings = (layout: Layout | undefined, folder: string): Layout | null =>
  layout === flyway ? flywayIn(folder) : (layout ?? null);

/** One file among others without a number may be anything; one alone is the first migration of its folder. */
function byNumbers({ files }: Listing): Layout | null {
  const ups = files.filter((name) => counted.role(name) === "up");
  const isFirst = () => files.every((name) => !name.endsWith(".sql") || isCounted(name));
  return ups.length > 1 || (ups.length === 1 && isFirst()) ? counted : null;
}

/** With 14 digits it is one of zmigrate's own, misnamed. */
const isCounted = (name: string): boolean =>
  NOT_MIGRATIONS.has(name) || (counted.role(name) !== null && !/^\d{14}(?!\d)/.test(name));

/** Flyway's migrations may all stand in folders below. A folder with SQL of its own is not searched. */
function byDepth({ folder, files }: Listing): Layout | null {
  if (files.some((name) => name.endsWith(".sql"))) return null;
  return sqlBelow(folder).some((path) => flyway.role(path) === "up") ? flywayIn(folder) : null;
}

/** How many files are looked into for marks: a tool writes them into each. */
const LOOKED_AT = 20;

/** Which files they are, and in which order, by the tool that the marks are of; Atlas's and Drizzle's tell neither. */
const BY_TOOL: Readonly<Record<string, Layout>> = {
  dbmate,
  goose: marked,
  "sql-migrate": sqlMigrate,
  "node-pg-migrate": marked,
};

/**
 * The first file with marks decides; null where none has any.
 *
 * @param otherwise for marks that do not tell
 */
function byMarks({ folder, files }: Listing, otherwise: Layout): Layout | null {
  for (const name of files.filter((file) => sqlMigrate.role(file) !== null).slice(0, LOOKED_AT)) {
    const tool = toolIn(join(folder, name));
    if (tool !== null) return BY_TOOL[tool] ?? otherwise;
  }
  return null;
}

/** Null also for a file that cannot be read: that is told where it is judged. */
function toolIn(file: string): string | null {
  try {
    refuseSpecial(file);
    return readMarks(readFileSync(file, "utf8"))?.runner.tool ?? null;
  } catch {
    return null;
  }
}
