import type { RunEvent } from "../../model/event.js";

/** One object a line, for programs. */
export function runJson(event: RunEvent, at: Date): string {
  return `${JSON.stringify({ time: at.toISOString(), ...event })}\n`;
}
