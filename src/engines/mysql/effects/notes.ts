import type { Table } from "../../../model/catalog.js";
import type { Breakage } from "../../../model/effect.js";
import { codeOver } from "./facts.js";
import type { Server } from "./server.js";

/** Bodies are text to the server: they keep the old name, and every statement that runs them fails. */
export function codeBreaks(table: Table | null, column: string): Breakage[] {
  return codeOver(table, column).map((d) =>
    Object.freeze({
      what: d.kind === "trigger" ? "writes" : "both",
      who: "N",
      why: `${d.kind} ${d.name} names ${column}, and what uses it fails (1054, 1356)`,
    }),
  );
}

/** Files do not tell what views, triggers, routines and events name; only a database does. */
export function unknownCode({ catalog }: Server, table: Table | null, column: string): string[] {
  if (table !== null && catalog.source !== "files") return [];
  const why = table === null ? "the table is not known" : "files do not tell";
  return [`views, triggers and routines may name ${column}: ${why}`];
}
