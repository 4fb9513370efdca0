import { byList, type FormerTool, text } from "../tool.js";

/** One row a version: the digits in front of a file's name, as they are written. */
export const dbmate: FormerTool = Object.freeze<FormerTool>({
  name: "dbmate",
  label: "dbmate",
  table: "schema_migrations",
  versionOf: (path) => /^\d+/.exec(path)?.[0] ?? null,
  recorded: (rows, versions) =>
    byList(
      rows.map((row) => text(row, "version")),
      versions,
    ),
});
