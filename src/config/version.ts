import type { Version } from "../engines/engine.js";

/**
 * Reads a server version as a person writes it: `16`, `8.0.36`, `10.11.6-MariaDB`; null when it does not begin so.
 *
 * @example
 * parseVersion("8.0.36") // { text: "8.0.36", parts: [8, 0, 36] }
 */
export function parseVersion(text: string): Version | null {
  const [, numbers] = /^(\d{1,4}(?:\.\d{1,4}){0,3})(?:-[\w.-]+)?$/.exec(text) ?? [];
  if (numbers === undefined) return null;
  return Object.freeze({ text, parts: Object.freeze(numbers.split(".").map(Number)) });
}
