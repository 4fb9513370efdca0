import { byList, type FormerTool, isTrue, leadingNumber, type Placeholders, text } from "../tool.js";

/** `-- +goose ENVSUB ON`: from there on variables of the environment are filled in, until it is off. */
const SWITCH = /^[^\S\n]*--[^\S\n]*\+goose[^\S\n]+envsub[^\S\n]+(on|off)[^\S\n]*$/gim;

/** `$NAME`, `${NAME}`, `${NAME:-default}`; `$$` and `\$` are a dollar sign. */
const VARIABLE = /(?<![\\$])\$(?:\{[^}\n]*\}|[A-Za-z_]\w*)/g;

function placeholdersIn(_file: string, sql: string): Placeholders | null {
  const switches = [...sql.matchAll(SWITCH)].map(({ index, 1: to }) => ({ index, on: to?.toLowerCase() === "on" }));
  if (switches.length === 0) return null;
  const isOn = (at: number) => switches.findLast(({ index }) => index < at)?.on === true;
  const leaveOff = "Where they are to stay as they stand, write `-- +goose ENVSUB OFF` above them.";
  return { pattern: VARIABLE, isOn, leaveOff };
}

/** One row each time that a version is run or taken back, in older releases: the last one of a version counts. The first row, of version 0, is its own. */
export const goose: FormerTool = Object.freeze<FormerTool>({
  name: "goose",
  label: "goose",
  table: "goose_db_version",
  versionOf: leadingNumber,
  placeholdersIn,
  recorded: (rows, versions) => {
    const applied = new Map<string, boolean>();
    for (const row of rows.toSorted((a, b) => Number(a.id) - Number(b.id)))
      applied.set(text(row, "version_id"), isTrue(row, "is_applied"));
    const ran = [...applied].flatMap(([version, is]) => (is && version !== "0" ? [version] : []));
    return byList(ran, versions);
  },
});
