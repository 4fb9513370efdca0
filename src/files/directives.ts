import { ZmigrateError } from "../errors.js";
import type { Directive, WrittenKey } from "../model/directive.js";
import type { Comment } from "../model/statement.js";
import { DIRECTIVE_KEYS, type Problem, READERS, type Read, WRITTEN_KEYS } from "./directive-values.js";
import { misspelt } from "./misspelt.js";
import { positionOf } from "./position.js";
import { nearest } from "./similar.js";

const DIRECTIVE = /^zmigrate:([A-Za-z_-]*)(?:\s+(.*))?$/s;

/**
 * The directives of a file, in order. FORMATS.md is the normative text of the grammar.
 *
 * @param text the whole file, as the comments' spans count it
 * @throws ZmigrateError bad-directive: at the first comment that is, or was probably meant as, a directive and cannot
 * be read
 * @example
 * readDirectives("m.sql", text, engine.parse(text).comments)
 */
export function readDirectives(file: string, text: string, comments: readonly Comment[]): readonly Directive[] {
  const directives: Directive[] = [];
  for (const comment of comments) {
    const read = readComment(text, comment);
    if (read === null) continue;
    if ("problem" in read) throw badDirective(file, text, comment.span.start, read.problem);
    directives.push(read.directive);
  }
  return Object.freeze(directives);
}

/** The error of a problem at its place. */
export function badDirective(file: string, text: string, offset: number, { reason, help }: Problem): ZmigrateError {
  return new ZmigrateError("bad-directive", { file, ...positionOf(text, offset), reason, help });
}

function readComment(text: string, comment: Comment): Read | null {
  if (!comment.text.startsWith("--")) return otherComment(comment.text);
  const body = comment.text.slice(2).trim();
  const [whole, key = "", value = ""] = DIRECTIVE.exec(body) ?? [];
  if (whole === undefined) return asProblem(misspelt(body));
  if (!isAlone(text, comment)) return asProblem(NOT_ALONE);
  return readKey(key, value.trim(), comment);
}

function readKey(key: string, value: string, comment: Comment): Read {
  const written = WRITTEN_KEYS.find((k) => k === key);
  if (written !== undefined) return { directive: writtenDirective(written, comment) };
  const reader = Object.hasOwn(READERS, key) ? READERS[key as keyof typeof READERS] : undefined;
  if (reader !== undefined) return reader(value, comment.span);
  const meant = nearest(key, DIRECTIVE_KEYS);
  const keys = `The keys are ${DIRECTIVE_KEYS.join(", ")}.`;
  const reason = key === "" ? "the directive's key is missing" : `there is no directive "${key}"`;
  return { problem: { reason, help: meant === null ? keys : `Did you mean \`-- zmigrate:${meant}\`? ${keys}` } };
}

/** Blanks count in what these hold: lines of SQL. */
function writtenDirective(key: WrittenKey, { span, text }: Comment): Directive {
  return Object.freeze({ kind: "written", span, key, text: text.replace(/^--\s*zmigrate:[a-z]+ ?/, "") });
}

/** A block or `#` comment is never a directive, so that a file reads the same to every engine. */
function otherComment(comment: string): Read | null {
  const lines = comment.replace(/^(?:\/\*+|#)/, "").split("\n");
  const looksMeant = lines.some((line) => /^[\s*]*zmigrate\s*:/i.test(line));
  return looksMeant ? { problem: NOT_A_LINE_COMMENT } : null;
}

const NOT_A_LINE_COMMENT: Problem = Object.freeze({
  reason: "a directive is a `--` comment, not a block or `#` comment",
  help: "Write `-- zmigrate:...` on a line of its own, before the statement it is about.",
});

const NOT_ALONE: Problem = Object.freeze({
  reason: "a directive stands on a line of its own",
  help: "Move it to the line before the statement it is about.",
});

function isAlone(text: string, comment: Comment): boolean {
  const lineStart = text.lastIndexOf("\n", comment.span.start - 1) + 1;
  return text.slice(lineStart, comment.span.start).trim() === "";
}

const asProblem = (problem: Problem | null): Read | null => (problem === null ? null : { problem });
