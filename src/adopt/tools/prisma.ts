import { dirname } from "node:path";
import { byList, type FormerTool, type Row, text } from "../tool.js";

const isBack = (row: Row): boolean => text(row, "rolled_back_at") !== "";
const isFinished = (row: Row): boolean => text(row, "finished_at") !== "";

/** One row an attempt: the folder's name, when it was finished, and when it was declared to be rolled back. */
export const prisma: FormerTool = Object.freeze<FormerTool>({
  name: "prisma",
  label: "Prisma",
  table: "_prisma_migrations",
  versionOf: (path) => (dirname(path) === "." ? null : dirname(path)),
  recorded: (rows, versions) => {
    const standing = rows.filter((row) => !isBack(row));
    const names = (wanted: (row: Row) => boolean) => standing.filter(wanted).map((row) => text(row, "migration_name"));
    return byList(
      names(isFinished),
      versions,
      names((row) => !isFinished(row)),
    );
  },
});
