import type { Runner, RunnerTransaction } from "../place.js";
import { blank } from "./blank.js";

/** A file of another tool as it runs on the way up. */
export interface Marked {
  /** As long as the file: what runs on the way down is blanks. */
  readonly text: string;
  readonly runner: Runner;
}

/** How a tool marks in a file's comments what runs on the way up, what on the way down, and in which transaction. */
interface Marks {
  readonly tool: string;
  readonly up: RegExp;
  readonly down: RegExp;
  /** Both marks are needed: one of them alone is prose. */
  readonly both?: boolean;
  /** Without a transaction; null where a file cannot ask for it. */
  readonly none: RegExp | null;
}

/** dbmate and node-pg-migrate: the expressions of their own parsers (see FORMATS.md). */
const SECTIONED: readonly Marks[] = [
  {
    tool: "dbmate",
    up: /^--\s*migrate:up\b.*$/gm,
    down: /^--\s*migrate:down\b.*$/gm,
    none: /^--\s*migrate:up\b.*\btransaction:false\b/m,
  },
  {
    tool: "goose",
    up: /^\s*--\s*\+goose\s+up\s*$/gim,
    down: /^\s*--\s*\+goose\s+down\s*$/gim,
    none: /^\s*--\s*\+goose\s+no\s+transaction\s*$/im,
  },
  {
    tool: "sql-migrate",
    up: /^\s*--\s*\+migrate\s+up\b.*$/gim,
    down: /^\s*--\s*\+migrate\s+down\b.*$/gim,
    none: /^\s*--\s*\+migrate\s+up\b.*\bnotransaction\b/im,
  },
  {
    tool: "node-pg-migrate",
    up: /^\s*--[\s-]*up\s+migration/gim,
    down: /^\s*--[\s-]*down\s+migration/gim,
    both: true,
    none: null,
  },
];

/**
 * What another tool's comments in a file mean: sections for the way down are blanked, and how the file asks to be run
 * is told. Null for a file without such comments.
 *
 * @param text LF text
 * @example
 * readMarks("-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n")?.runner.tool // "dbmate"
 */
export function readMarks(text: string): Marked | null {
  // Nearly every file: one look instead of eleven.
  if (!/migrat|goose|atlas:|-> ?statement-breakpoint/i.test(text)) return null;
  for (const marks of SECTIONED) {
    const marked = sections(text, marks);
    if (marked !== null) return marked;
  }
  return breakpoints(text) ?? atlas(text);
}

/** From each mark to the next one. What stands before the first is left: it must not pass unseen. */
function sections(text: string, marks: Marks): Marked | null {
  const ups = [...text.matchAll(marks.up)].map(({ index }) => ({ start: index, down: false }));
  const downs = [...text.matchAll(marks.down)].map(({ index }) => ({ start: index, down: true }));
  if (ups.length === 0 || (marks.both === true && downs.length === 0)) return null;
  const all = [...ups, ...downs].toSorted((a, b) => a.start - b.start);
  const ranges = all.flatMap(({ start, down }, at) =>
    down ? [{ start, end: all[at + 1]?.start ?? text.length }] : [],
  );
  const none = marks.none?.test(text) === true;
  return Object.freeze({ text: blank(ended(text), ranges), runner: runner(marks.tool, none ? "none" : "file") });
}

/** goose and sql-migrate take what stands between such lines as one statement, which needs no semicolon then. */
const BLOCK =
  /^[^\S\n]*--\s*\+(?:goose|migrate)\s+statementbegin[^\S\n]*$(.*?)^([^\S\n]*--\s*\+(?:goose|migrate)\s+statementend[^\S\n]*)$/gims;

/** A semicolon at each block's end that has none. */
const ended = (text: string): string =>
  text.replace(BLOCK, (block: string, body: string, mark: string) =>
    hasEnd(body) ? block : `${block.slice(0, -mark.length)};${" ".repeat(mark.length - 1)}`,
  );

/** Where it cannot be told, the block gets another semicolon, which harms nothing. */
function hasEnd(body: string): boolean {
  const last = body.split("\n").findLast((line) => !/^\s*(?:--.*)?$/.test(line)) ?? ";";
  return last.trimEnd().endsWith(";") && !last.includes("--");
}

const BREAKPOINT = /--> ?statement-breakpoint/g;

/**
 * Drizzle splits at these and needs no semicolon before them; for MySQL, where `--` wants a blank behind it, they are
 * no comment. A semicolon says the same to every engine.
 */
function breakpoints(text: string): Marked | null {
  if (!text.match(BREAKPOINT)) return null;
  const split = text.replace(BREAKPOINT, (mark) => `;${" ".repeat(mark.length - 1)}`);
  return Object.freeze({ text: split, runner: runner("Drizzle", "file") });
}

function atlas(text: string): Marked | null {
  const [, mode] = /^--\s*atlas:txmode\s+(none|file|all)\b/m.exec(text) ?? [];
  if (mode === undefined) return null;
  return Object.freeze({ text, runner: runner("Atlas", mode === "none" ? "none" : "file") });
}

const runner = (tool: string, transaction: RunnerTransaction): Runner => Object.freeze({ tool, transaction });
