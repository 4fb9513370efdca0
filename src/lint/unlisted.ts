import { basename } from "node:path";
import type { LintReport } from "../report/lint/report.js";
import { inputFinding } from "./finding.js";
import type { PassedOver } from "./inputs.js";

/** More files than these are counted. */
const SHOWN = 3;

/** What is said once of files that look like migrations, and that their tool never runs: they are no part of the history. */
export function unlistedReport(files: readonly PassedOver[]): LintReport {
  const [first, ...others] = files;
  const nothing = { files: 0, statements: 0, unreadable: false, texts: new Map<string, string>() };
  if (first === undefined) return { ...nothing, findings: [] };
  const tool = first.tool ?? "its tool";
  const shown = others.slice(0, SHOWN).map(({ file }) => basename(file));
  const more = others.length > SHOWN ? ` and ${others.length - SHOWN} more` : "";
  const also = shown.length === 0 ? "" : ` So it is with ${shown.join(", ")}${more}.`;
  const message = `The journal of ${tool} does not list this file, so ${tool} does not run it: it is not judged here, and taken for no part of the history.${also}`;
  const help = `Remove it, or have ${tool} list it: a file that it runs all the same is judged where it is named.`;
  const place = { file: first.file, text: "" };
  const finding = inputFinding(place, { start: 0, end: 0 }, "unread-history", message, help);
  return { ...nothing, findings: [finding] };
}
