import { duration } from "../../files/duration.js";
import type { AuditRecord } from "../../journal/records.js";
import { printableLine } from "../lint/printable.js";
import type { Paint } from "../run/text.js";
import { type Detail, detailOf } from "./detail.js";

/** What an entry says, from its action and the fields of its detail. */
const SAID: Readonly<Record<string, (detail: Detail) => string>> = Object.freeze({
  begin: (d) => `begun${textOf(d.file, " from ")}`,
  expanded: (d) => `expanded${tookOf(d)}`,
  backfilled: (d) => `backfilled${tookOf(d)}`,
  swapped: (d) => `swapped${tookOf(d)}`,
  finished: (d) => `contracted${tookOf(d)}`,
  failed: (d) => `failed: ${d.text ?? ""}`,
  rollback: () => "rollback begun",
  "rolled-back": () => "rolled back",
  baseline: (d) => `recorded by baseline as there already${textOf(d.accept, ", differing: ")}`,
  repaired: (d) => `file taken as it is (${textOf(d.was, "")}): ${textOf(d.reason, "")}`,
  "gate-accepted": (d) => `gate ${textOf(d.gate, "")} accepted: ${textOf(d.because, "")}`,
  pause: (d) => `backfill paused${textOf(d.reason, ": ")}`,
  resume: (d) => `backfill resumed${textOf(d.reason, ": ")}`,
  cancel: (d) => `backfill cancelled${textOf(d.reason, ": ")}`,
  rebuild: () => "rebuild by another program begun",
  "run-queued": () => "waited for another run",
  "run-begun": () => "apply begun",
  "run-without-file": () => "apply begun without the file in its folder",
  "run-ended": () => "apply ended, the release is rolled out",
  "run-as-before": () => "apply ended by waiting, the release was rolled out before",
});

const textOf = (value: unknown, before: string): string =>
  value === null || value === undefined ? "" : `${before}${typeof value === "string" ? value : JSON.stringify(value)}`;

function tookOf({ steps }: Detail): string {
  if (!Array.isArray(steps)) return "";
  const ms = steps.reduce((sum: number, step: { readonly ms?: unknown }) => sum + Number(step.ms ?? 0), 0);
  return steps.length === 0 ? "" : ` in ${duration(ms)}`;
}

const momentText = (at: Date): string => `${at.toISOString().slice(0, 19).replace("T", " ")}Z`;

/** One entry a line, the newest last, where the eye is. */
export function historyText(entries: readonly AuditRecord[], paint: Paint): string {
  if (entries.length === 0) return "Nothing was done yet.\n";
  return entries
    .map((entry) => {
      const { at, action, migrationId, stepId, who, host, release } = entry;
      const said = SAID[action]?.(detailOf(entry)) ?? action;
      const what = `${migrationId ?? "all".padEnd(14)}  ${said}${stepId === null ? "" : ` (${stepId})`}`;
      const by = `${who}@${host}${release === null ? "" : `, release ${release}`}`;
      return `${paint.dim(momentText(at))}  ${printableLine(what)}  ${paint.dim(printableLine(by))}\n`;
    })
    .join("");
}
