export { lintFile } from "./file.js";
export { joinReports, lintMigrations } from "./lint.js";
export { lintOptions } from "./options.js";
export { ruleTexts } from "./rule-texts.js";
