import type { AuditRecord } from "../../journal/records.js";
import { detailOf } from "./text.js";

/** The audit as JSON, version 1: the newest entry last, moments in ISO 8601. */
export function historyJson(entries: readonly AuditRecord[]): string {
  const shown = entries.map(({ at, action, migrationId, stepId, who, host, release, ...rest }) => ({
    at: at.toISOString(),
    action,
    migration: migrationId,
    step: stepId,
    who,
    host,
    release,
    detail: detailOf({ at, action, migrationId, stepId, who, host, release, ...rest }),
  }));
  return `${JSON.stringify({ version: 1, entries: shown }, null, 2)}\n`;
}
