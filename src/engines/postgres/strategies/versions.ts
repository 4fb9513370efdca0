import type { Version } from "../../engine.js";

/** Whether a server is of this major version or a later one. */
export const isAtLeast = (version: Version, major: number): boolean => (version.parts[0] ?? 0) >= major;
