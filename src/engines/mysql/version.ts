import type { Version } from "../engine.js";

/** `8.0.36-0ubuntu1` and `10.11.14-MariaDB-log` become `{ text: "8.0.36", parts: [8, 0, 36] }`. */
export function versionOf(text: string): Version {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text.replace(/^5\.5\.5-/, ""));
  const parts = match === null ? [0] : [match[1], match[2], match[3] ?? "0"].map(Number);
  return Object.freeze({ text: parts.join("."), parts: Object.freeze(parts) });
}

/** True when a version is the given one or later. */
export function atLeast(version: Version, ...wanted: readonly number[]): boolean {
  for (const [n, part] of wanted.entries()) {
    const have = version.parts[n] ?? 0;
    if (have !== part) return have > part;
  }
  return true;
}
