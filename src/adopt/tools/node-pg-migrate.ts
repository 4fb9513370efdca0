import { byList, type FormerTool, text } from "../tool.js";

/** One row a file: its name without the end. */
export const nodePgMigrate: FormerTool = Object.freeze<FormerTool>({
  name: "node-pg-migrate",
  label: "node-pg-migrate",
  table: "pgmigrations",
  versionOf: (path) => (/^\d+/.test(path) ? path.replace(/\.[^.]*$/, "") : null),
  recorded: (rows, versions) =>
    byList(
      rows.map((row) => text(row, "name")),
      versions,
    ),
});
