import { byList, type FormerTool, text } from "../tool.js";

/** Compiled ones have another end than those that were written. */
const nameOf = (file: string): string => file.replace(/\.[cm]?[jt]s$/, "");

/** One row a file, by its name. */
export const knex: FormerTool = Object.freeze<FormerTool>({
  name: "knex",
  label: "Knex",
  table: "knex_migrations",
  versionOf: (path) => (/\.[cm]?[jt]s$/.test(path) ? nameOf(path) : null),
  recorded: (rows, versions) =>
    byList(
      rows.map((row) => nameOf(text(row, "name"))),
      versions,
    ),
});
