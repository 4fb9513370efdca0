import type { Prose } from "./prose.js";

/** What is wrong on our side, or on that of the machine that zmigrate runs on. */
export const OWN = {
  "output-failed": (d: { reason: string }) => ({
    exit: 3,
    message: `The output cannot be written: ${d.reason}.`,
    help: "Make room where it goes, or send it elsewhere. `zmigrate status` says what was done.",
  }),
  "demo-failed": (d: { command: string; code: number | null; expected: number }) => ({
    exit: 3,
    message: `\`${d.command}\` ended with exit code ${d.code ?? "none"}, where the demo expects ${d.expected}.`,
    help: "Its own message stands above. If it is a defect, please report it with the output.",
  }),
  internal: (d: { reason: string }) => ({
    exit: 3,
    message: `zmigrate has a defect: ${d.reason}`,
    help: "Please report it with the command and its output.",
  }),
} satisfies Record<string, (data: never) => Prose>;
