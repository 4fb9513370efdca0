import { postgresEngine } from "../../src/engines/postgres/index.js";
import { lintMigrations } from "../../src/lint/index.js";
import type { LintOptions } from "../../src/lint/rule-set.js";
import type { LintReport } from "../../src/report/lint/report.js";

/** Lints texts as the files of one history, judged with PostgreSQL; a leading `~` makes a file history only. */
export async function lintTexts(
  texts: readonly string[],
  severities: LintOptions["severities"] = {},
  options: Partial<LintOptions> = {},
): Promise<LintReport> {
  await postgresEngine.load();
  const inputs = texts.map((text, index) => ({
    file: `${index + 1}.sql`,
    text: text.replace(/^~/, ""),
    report: !text.startsWith("~"),
  }));
  return lintMigrations(inputs, {
    engine: postgresEngine,
    version: postgresEngine.oldestVersion,
    severities,
    ...options,
  });
}

/** `rule@line` of each finding. */
export async function found(
  texts: readonly string[],
  severities: LintOptions["severities"] = {},
): Promise<readonly string[]> {
  return (await lintTexts(texts, severities)).findings.map(({ rule, start }) => `${rule}@${start.line}`);
}
