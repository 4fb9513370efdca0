import type { AuditRecord } from "../../journal/records.js";
import { detailOf } from "./detail.js";

/** The audit as JSON, version 1: the newest entry last, moments in ISO 8601. */
export function historyJson(entries: readonly AuditRecord[]): string {
  const shown = entries.map((entry) => ({
    at: entry.at.toISOString(),
    action: entry.action,
    migration: entry.migrationId,
    step: entry.stepId,
    who: entry.who,
    host: entry.host,
    release: entry.release,
    detail: detailOf(entry),
  }));
  return `${JSON.stringify({ version: 1, entries: shown }, null, 2)}\n`;
}
