import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseBackfillName, parseMigrationName } from "../name.js";
import { diesel } from "./diesel.js";
import { DRIZZLE_JOURNAL, drizzle } from "./drizzle.js";
import { flyway, flywayIn } from "./flyway.js";
import type { Layout, Listing } from "./layout.js";
import { readMarks } from "./marks.js";
import { atlas, counted, dbmate, golangMigrate, marked, own } from "./numbered.js";
import { drizzleFolders, prisma } from "./prisma.js";
import { knex, typeorm } from "./scripts.js";

/** The folder whose layout a file belongs to: Prisma and Diesel give each migration a folder of its own. */
export function layoutFolder(file: string): string {
  const folder = dirname(file);
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
  return byFolders(listing) ?? byNames(listing) ?? byMarks(listing) ?? byNumbers(listing);
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
  if (files.includes("atlas.sum")) return atlas;
  const holding = (name: string) => folders.find((sub) => existsSync(join(folder, sub, name)));
  // A folder of plain files is not searched.
  if (!files.includes("migration_lock.toml") && files.some((name) => name.endsWith(".sql"))) return null;
  const migration = holding("migration.sql");
  if (migration === undefined) return holding("up.sql") === undefined ? null : diesel;
  return existsSync(join(folder, migration, "snapshot.json")) ? drizzleFolders : prisma;
}

function byNames({ folder, files }: Listing): Layout | null {
  const sql = files.filter((name) => name.endsWith(".sql"));
  if (sql.some((name) => parseMigrationName(name) !== null)) return own;
  if (sql.length === 0 && files.some((name) => parseBackfillName(name) !== null)) return own;
  const scripts = sql.length > 0 ? undefined : [knex, typeorm].find(({ role }) => files.some((f) => role(f) === "up"));
  if (scripts !== undefined) return scripts;
  const found = [flyway, golangMigrate].find((layout) => sql.some((name) => layout.role(name) === "up")) ?? null;
  return found === flyway ? flywayIn(folder) : found;
}

/** One file alone has no order, and may be anything. */
const byNumbers = ({ files }: Listing): Layout | null =>
  files.filter((name) => counted.role(name) === "up").length > 1 ? counted : null;

/** How many files are looked into for marks: a tool writes them into each. */
const LOOKED_AT = 20;

/** The first file with marks decides. */
function byMarks({ folder, files }: Listing): Layout | null {
  for (const name of files.filter((file) => marked.role(file) !== null).slice(0, LOOKED_AT)) {
    const tool = readMarks(readFileSync(join(folder, name), "utf8"))?.runner.tool;
    if (tool !== undefined) return tool === "dbmate" ? dbmate : marked;
  }
  return null;
}
