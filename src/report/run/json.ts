import type { RunEvent } from "../../model/event.js";

/** An event of one of several databases: one of its run, or that its run failed or was not begun. */
export type FleetEvent = { readonly database: string } & (
  | RunEvent
  | { readonly event: "not-begun"; readonly reason: string }
);

/** One object a line, for programs. */
export function runJson(event: RunEvent | FleetEvent, at: Date): string {
  return `${JSON.stringify({ time: at.toISOString(), ...event })}\n`;
}
