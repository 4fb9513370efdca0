import { type FormerTool, isTrue, leadingNumber, text, upToLast } from "../tool.js";

/** One row: the last version, and whether it has failed. A version below 0 stands for none. */
export const golangMigrate: FormerTool = Object.freeze<FormerTool>({
  name: "golang-migrate",
  label: "golang-migrate",
  table: "schema_migrations",
  versionOf: leadingNumber,
  recorded: ([row], versions) => {
    const version = row === undefined ? "-1" : text(row, "version");
    if (BigInt(version) < 0n) return upToLast(null, versions);
    return upToLast(version, versions, row !== undefined && isTrue(row, "dirty") ? [version] : []);
  },
});
