import { printable, printableLine } from "./printable.js";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;" };

/**
 * Words of a finding as Markdown that shows them and does nothing else: no HTML, no link, no image, no mention of a
 * person or an issue. What stands between backticks stays code. Leading blanks of a line are kept.
 */
export function markdownText(text: string): string {
  const lines = printable(text).split("\n");
  return lines.map(line).join("<br>\n");
}

function line(text: string): string {
  const [blanks = ""] = /^ */.exec(text) ?? [];
  const parts = text.slice(blanks.length).split(/(`[^`]+`)/);
  return "&nbsp;".repeat(blanks.length) + parts.map((part, at) => (at % 2 === 1 ? part : plain(part))).join("");
}

function plain(text: string): string {
  return text
    .replace(/[&<>@]/g, (char) => ENTITIES[char] ?? char)
    .replace(/[\\`*_{}[\]()#+.!|~^$=-]/g, "\\$&")
    .replace(/:(?=\/\/)/g, "&#58;");
}

/** Any text as code on one line. */
export function markdownCode(text: string): string {
  const code = printableLine(text);
  const ticks = "`".repeat(longestRun(code) + 1);
  const pad = code.startsWith("`") || code.endsWith("`") || code.trim() === "" ? " " : "";
  return `${ticks}${pad}${code}${pad}${ticks}`;
}

/** SQL in a fence that nothing inside it can close. */
export function markdownFence(sql: string): string {
  const fence = "`".repeat(Math.max(2, longestRun(sql)) + 1);
  return `${fence}sql\n${printable(sql)}\n${fence}`;
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
