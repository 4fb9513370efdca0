import type { Finding, Severity } from "../../model/finding.js";
import { byFile, summaryOf } from "./count.js";
import { markdownCode, markdownFence, markdownText } from "./escape-markdown.js";
import { reportPath } from "./path.js";
import type { LintReport } from "./report.js";
import { seenOf } from "./seen.js";

/** GitHub refuses comments above 65,536 characters. */
const LONGEST = 64_000;
/** Characters that are shown of one statement, and of one message. */
const LONGEST_PART = 4_000;

const SIGNS: Readonly<Record<Severity, string>> = { error: "🔴", warning: "🟡", info: "🔵" };

/**
 * A report for a pull request's comment, under 65,000 characters: what does not fit is counted, never left out in
 * silence. It begins with a comment by which a bot finds it again.
 */
export function lintMarkdown(report: LintReport): string {
  const head = `<!-- zmigrate lint -->\n## Migration lint\n\n${summaryOf(report)}\n`;
  const blocks = [...byFile(report)].flatMap(([file, findings]) => fileBlocks(file, findings, report));
  let text = head;
  let left = report.findings.length;
  for (const { markdown, counts } of blocks) {
    if (text.length + markdown.length > LONGEST) return `${text}\n${restOf(left)}\n`;
    text += `\n${markdown}\n`;
    left -= counts;
  }
  return text;
}

const restOf = (count: number): string => `_${count} more do not fit into a comment: run \`zmigrate lint\`._`;

interface Block {
  readonly markdown: string;
  /** How many findings it shows. */
  readonly counts: number;
}

function fileBlocks(file: string, findings: readonly Finding[], report: LintReport): readonly Block[] {
  const text = report.texts.get(file) ?? "";
  return findings.map((finding, at) => {
    const title = at === 0 ? `### ${markdownCode(shorten(reportPath(file, report.root), 500))}\n\n` : "";
    return { markdown: `${title}${findingBlock(finding, text, seenOf(finding, report))}`, counts: 1 };
  });
}

function findingBlock(finding: Finding, text: string, seen: string | null): string {
  const { severity, rule, start, span, message, help } = finding;
  const sql = shorten(text.slice(span.start, span.end), LONGEST_PART);
  return [
    `${SIGNS[severity]} **${severity}** ${markdownCode(rule)} in line ${start.line}`,
    "",
    ...(sql.trim() === "" ? [] : [markdownFence(sql), ""]),
    markdownText(shorten(message, LONGEST_PART)),
    "",
    `**Instead:** ${markdownText(shorten(help, LONGEST_PART))}`,
    ...(seen === null ? [] : ["", `**Seen** on ${markdownText(shorten(seen, LONGEST_PART))}`]),
  ].join("\n");
}

const shorten = (text: string, to: number): string => (text.length <= to ? text : `${text.slice(0, to)}…`);
