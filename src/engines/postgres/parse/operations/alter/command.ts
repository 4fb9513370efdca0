import type { AlterTableCmd } from "libpg-query";
import type { OperationDetail } from "../../../../../model/operation-detail.js";
import { findKeyword, type Run, type Source, textOf } from "../../source.js";

/** One command of an ALTER TABLE with the tokens that are its. */
export interface Command {
  readonly command: AlterTableCmd;
  readonly source: Source;
  readonly run: Run;
}

/** Reads one kind of command. Null when it is not understood; several where it sets several things. */
export type CommandReader = (command: Command) => OperationDetail | readonly OperationDetail[] | null;

/** What stands behind the column's name in `ALTER [COLUMN] name ...`. */
export function behindColumn({ source, run }: Command): Run {
  const name = source.tokens[run.from + 1]?.keyword === "COLUMN" ? run.from + 2 : run.from + 1;
  return { from: name + 1, to: run.to };
}

/** The text behind a keyword, up to the end of a run; null when the keyword is not there. */
export function textBehind(source: Source, run: Run, keyword: string): string | null {
  const at = findKeyword(source, run, keyword);
  return at === null ? null : textOf(source, { from: at + 1, to: run.to });
}
