import { basename, sep } from "node:path";
import { byName, type Layout } from "./layout.js";

const isMigration = (path: string): boolean => path.split(sep).length === 2 && basename(path) === "migration.sql";

/** A folder a migration: `<time>_<name>/migration.sql`, by the folders' names. */
const foldered = { role: (path: string) => roleOf(path), compare: byName } as const;

function roleOf(path: string): "up" | "down" | null {
  if (isMigration(path)) return "up";
  return path.split(sep).length === 2 && basename(path) === "down.sql" ? "down" : null;
}

/** Prisma sends a file as one message. */
export const prisma: Layout = Object.freeze<Layout>({ tool: "Prisma", transaction: "batch", ...foldered });

/** Drizzle since its folders have a folder a migration. */
export const drizzleFolders: Layout = Object.freeze<Layout>({ tool: "Drizzle", transaction: "file", ...foldered });
