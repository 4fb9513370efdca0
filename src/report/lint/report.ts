import type { Finding, Severity } from "../../model/finding.js";
import type { Trace } from "../../model/trace.js";

/** What a lint run found, as every reporter takes it. */
export interface LintReport {
  /** In the order of the files, then of their places. */
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly statements: number;
  /** True when a file or a directive could not be read, so that silence about it means nothing. */
  readonly unreadable: boolean;
  /** The text of each file that was looked at, for source frames. */
  readonly texts: ReadonlyMap<string, string>;
  /** What is known of each rule, by id; absent where a reporter may do without. */
  readonly rules?: ReadonlyMap<string, RuleText>;
  /** What was seen when the statements ran on an embedded database; absent without `--trace`. */
  readonly trace?: Trace;
  /** The folder that reporters for machines name files from; absent leaves names as they are. */
  readonly root?: string;
}

/** A rule as a report describes it. */
export interface RuleText {
  readonly protects: string;
  /** Its own, whatever the configuration gives it. */
  readonly severity: Severity;
  readonly ignorable: boolean;
  /** What to do, where that is the same for all its findings. */
  readonly advice?: string;
  /** Files that it speaks about, and files that it is silent about. */
  readonly bad: readonly string[];
  readonly good: readonly string[];
}

/** A report as text for standard output, ending in a line break. */
export type LintReporter = (report: LintReport, color: boolean) => string;
