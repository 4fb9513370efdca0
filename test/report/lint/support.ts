import type { Finding } from "../../../src/model/finding.js";
import type { LintReport } from "../../../src/report/lint/report.js";

/** Names and SQL that try to break out of every format. */
export const HOSTILE_FILE = "migrations/a, b:c%\n::error::<x>&\"'`](http://x) \u{1F600}@me.sql";
export const HOSTILE_SQL =
  'ALTER TABLE "</details><script>alert(1)</script>`\u0000\u001b[31m\u202e]]>\ud800" DROP COLUMN a; -- ```\n';

/** A report with one finding about the whole of the first line of each file. */
export function reportOf(files: Readonly<Record<string, string>>, more: Partial<Finding> = {}): LintReport {
  const findings = Object.entries(files).map(([file, text]) => findingIn(file, text, more));
  const texts = new Map(Object.entries(files));
  return { findings, files: texts.size, statements: texts.size, unreadable: false, texts };
}

function findingIn(file: string, text: string, more: Partial<Finding>): Finding {
  const [first = ""] = text.split("\n");
  return {
    rule: "ban-drop-column",
    severity: "error",
    file,
    span: { start: 0, end: first.length },
    start: { line: 1, column: 1 },
    end: { line: 1, column: first.length + 1 },
    message: `It breaks: ${text}`,
    help: "Do it in phases.",
    operation: "drop-column",
    ...more,
  };
}

export const HOSTILE = reportOf({ [HOSTILE_FILE]: HOSTILE_SQL, "b.sql": "DROP TABLE t;" });
