import { dirname, join } from "node:path";
import type { Place, Runner, RunnerTransaction } from "../place.js";
import { textIfThere } from "../read.js";
import { dieselTransaction } from "./diesel.js";
import { delimitersInLine, flywayTransaction } from "./flyway.js";
import type { Layout } from "./layout.js";
import { readMarks } from "./marks.js";
import { scriptSql } from "./script-sql.js";

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
  const up = marked?.text ?? text;
  const made = runner?.tool === "Flyway" ? delimitersInLine(up) : up;
  return { file, text: made, ...writtenAs(text, made), ...(runner === null ? {} : { runner }) };
}

/** Places in the one are those in the other only where none is longer. */
const writtenAs = (written: string, text: string): Pick<Place, "written"> =>
  written === text || written.length !== text.length ? {} : { written };

function scriptPlace(file: string, script: string): Place {
  const { text, runner, unread } = scriptSql(script);
  return {
    file,
    text,
    ...writtenAs(script, text),
    runner,
    ...(unread.length === 0 ? {} : { unread }),
  };
}

function runnerOf(file: string, layout: Layout | null): Runner | null {
  if (layout?.tool == null || layout.transaction === null) return null;
  return { tool: layout.tool, transaction: askedFor(file, layout) ?? layout.transaction };
}

/** What a file beside a migration says of its transaction. */
function askedFor(file: string, { tool }: Layout): RunnerTransaction | null {
  if (tool === "Flyway") return flywayTransaction(textIfThere(`${file}.conf`) ?? "");
  return tool === "Diesel" ? dieselTransaction(textIfThere(join(dirname(file), "metadata.toml")) ?? "") : null;
}
