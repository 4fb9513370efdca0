import type { AuditRecord } from "../../journal/records.js";

/** The fields of a detail that is JSON; one that is text is `text`. */
export type Detail = Readonly<Record<string, unknown>>;

/** A detail as an object: what is no JSON object is its text. */
export function detailOf({ detail }: AuditRecord): Detail {
  if (detail === null) return {};
  try {
    const read: unknown = JSON.parse(detail);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Detail) : { text: detail };
  } catch {
    return { text: detail };
  }
}
