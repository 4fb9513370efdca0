import { readFileSync } from "node:fs";
import type { Place, Runner } from "../place.js";
import { flywayTransaction } from "./flyway.js";
import { knexSql } from "./knex-sql.js";
import type { Layout } from "./layout.js";
import { readMarks } from "./marks.js";

/**
 * A file as it runs on the way up: sections for the way down are blanks, and the tool that it was written for is known
 * by the marks in it or by its folder.
 *
 * @param text LF text, as `decodeText` returns it
 * @param layout its folder's; null when that is none that is known
 */
export function placeOf(file: string, text: string, layout: Layout | null): Place {
  if (/\.[cm]?[jt]s$/.test(file)) return scriptPlace(file, text);
  const marked = readMarks(text);
  const runner = marked?.runner ?? runnerOf(file, layout);
  const made = marked?.text ?? text;
  return { file, text: made, ...writtenAs(text, made), ...(runner === null ? {} : { runner }) };
}

/** Places in the one are those in the other only where none is longer. */
const writtenAs = (written: string, text: string): Pick<Place, "written"> =>
  written === text || written.length !== text.length ? {} : { written };

function scriptPlace(file: string, script: string): Place {
  const { text, transaction, unread } = knexSql(script);
  return {
    file,
    text,
    ...writtenAs(script, text),
    runner: { tool: "Knex", transaction },
    ...(unread.length === 0 ? {} : { unread }),
  };
}

function runnerOf(file: string, layout: Layout | null): Runner | null {
  if (layout?.tool == null || layout.transaction === null) return null;
  const asked = layout.tool === "Flyway" ? flywayTransaction(textAt(`${file}.conf`)) : null;
  return { tool: layout.tool, transaction: asked ?? layout.transaction };
}

function textAt(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
