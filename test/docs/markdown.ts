import { readFileSync } from "node:fs";

/** A fenced block of a document. */
export interface Block {
  /** What stands behind the fence: `sh`, `sql`, `json`; "" for none. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a document, in order. */
export function blocksOf(file: string): Block[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```/gm)].map(([, language = "", body = ""]) => ({
    language,
    text: body,
  }));
}

/** One `zmigrate ...` as a document tells a reader to type it. */
export interface CommandLine {
  readonly text: string;
  /** The words behind `zmigrate`, without a comment. */
  readonly args: readonly string[];
}

/** Every command line of a document: in shell blocks, behind a prompt, and in code in running text or output. */
export function commandLines(file: string): CommandLine[] {
  const shell = blocksOf(file).filter(({ language }) => language === "sh");
  const inShell = shell.flatMap(({ text }) => [...text.matchAll(/\bzmigrate ([^\n`|&;>]*)/g)]);
  const text = readFileSync(file, "utf8");
  const elsewhere = [...text.matchAll(/^\$ zmigrate (.*)$/gm), ...text.matchAll(/`zmigrate ([^`\n]*)`/g)];
  return [...inShell, ...elsewhere].map(([line, rest = ""]) => ({
    text: line,
    args: (rest.split(" #")[0] ?? "").split(/\s+/).filter((word) => word !== ""),
  }));
}

/** The files that a document links to, without anchors and other sites. */
export function linksOf(file: string): string[] {
  const targets = [...readFileSync(file, "utf8").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^(#|https?:)/.test(target)).map((target) => target.replace(/#.*/, ""));
}

/** The cells of the rows below a table's head. */
export function tableOf(file: string, head: string): string[][] {
  const lines = readFileSync(file, "utf8").split("\n");
  const rows = lines.slice(lines.indexOf(head) + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

export const readText = (file: string): string => readFileSync(file, "utf8");
