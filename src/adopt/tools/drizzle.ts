import { basename, dirname } from "node:path";
import { drizzleMoment } from "../../files/layouts/drizzle.js";
import { type FormerTool, text, upToLast } from "../tool.js";

/** `20260102030405_name` is that second, UTC. */
function momentOf(folder: string): string | null {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(folder)?.map(Number) ?? [];
  if (year === undefined || month === undefined) return null;
  return String(Date.UTC(year, month - 1, day, hour, minute, second));
}

/** One row a migration, with its moment in milliseconds: that of its journal, or of the folder's name. It runs what is later than the last one. */
export const drizzle: FormerTool = Object.freeze<FormerTool>({
  name: "drizzle",
  label: "Drizzle",
  table: "__drizzle_migrations",
  versionOf: (path, folder) =>
    dirname(path) === "." ? drizzleMoment(folder, basename(path, ".sql")) : momentOf(dirname(path)),
  recorded: (rows, versions) => {
    const moments = rows.map((row) => BigInt(text(row, "created_at") || 0)).toSorted((a, b) => (a < b ? -1 : 1));
    const last = moments.at(-1);
    return upToLast(last === undefined ? null : String(last), versions);
  },
});
