import { byList, type FormerTool, isTrue, leadingNumber, text } from "../tool.js";

/** One row each time that a version is run or taken back, in older releases: the last one of a version counts. The first row, of version 0, is its own. */
export const goose: FormerTool = Object.freeze<FormerTool>({
  name: "goose",
  label: "goose",
  table: "goose_db_version",
  versionOf: leadingNumber,
  recorded: (rows, versions) => {
    const applied = new Map<string, boolean>();
    for (const row of rows.toSorted((a, b) => Number(a.id) - Number(b.id)))
      applied.set(text(row, "version_id"), isTrue(row, "is_applied"));
    const ran = [...applied].flatMap(([version, is]) => (is && version !== "0" ? [version] : []));
    return byList(ran, versions);
  },
});
