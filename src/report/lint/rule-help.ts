import { plain } from "./plain.js";
import type { RuleText } from "./report.js";

/** Code scanning shows this beside every finding of a rule: as text, and as markdown where it can. */
export function ruleHelp(id: string, rule: RuleText): { readonly text: string; readonly markdown: string } {
  const parts: readonly Part[] = [
    { title: null, text: rule.protects, sql: [] },
    ...(rule.advice === undefined ? [] : [{ title: null, text: rule.advice, sql: [] }]),
    ...(rule.bad.length === 0 ? [] : [{ title: "It speaks about", text: null, sql: rule.bad }]),
    ...(rule.good.length === 0 ? [] : [{ title: "It is silent about", text: null, sql: rule.good }]),
    rule.ignorable ? { title: "Where you know better", text: null, sql: [ignore(id)] } : null,
  ].filter((part) => part !== null);
  return { text: plain(parts.map(asText).join("\n\n")), markdown: parts.map(asMarkdown).join("\n\n") };
}

interface Part {
  readonly title: string | null;
  readonly text: string | null;
  readonly sql: readonly string[];
}

const ignore = (id: string): string => `-- zmigrate:ignore ${id} -- why it is safe here`;

function asText({ title, text, sql }: Part): string {
  const lines = [...(title === null ? [] : [`${title}:`]), ...(text === null ? [] : [text])];
  return [...lines, ...sql.map((one) => one.replace(/^/gm, "  "))].join("\n");
}

function asMarkdown({ title, text, sql }: Part): string {
  const blocks = [...(title === null ? [] : [`**${title}**`]), ...(text === null ? [] : [text])];
  return [...blocks, ...sql.map(fenced)].join("\n\n");
}

/** A fence longer than any run of backticks in what it holds. */
function fenced(sql: string): string {
  const longest = Math.max(2, ...[...sql.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sql\n${sql}\n${fence}`;
}
