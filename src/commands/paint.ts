import pc from "picocolors";
import type { Paint } from "../report/run/text.js";
import type { Output } from "./command.js";

/** Colours where the stream wants them, plain text elsewhere. */
export function paintFor(output: Output): Paint {
  const { bold, dim, green, yellow, red } = pc.createColors(output.color);
  return { bold, dim, green, yellow, red };
}
