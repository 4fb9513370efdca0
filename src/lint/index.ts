export { lintFile } from "./file.js";
export { judgedVersion } from "./judged-version.js";
export { keptBeginnings } from "./kept-beginnings.js";
export { joinReports, lintMigrations } from "./lint.js";
export { lintOptions } from "./options.js";
export { ruleTexts } from "./rule-texts.js";
export { unlistedReport } from "./unlisted.js";
