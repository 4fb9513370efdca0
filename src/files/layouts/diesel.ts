import { basename, dirname, sep } from "node:path";
import { byName, type Layout } from "./layout.js";

const FILES: Readonly<Record<string, "up" | "down">> = { "up.sql": "up", "down.sql": "down" };

/**
 * Diesel: a folder a migration, `<version>_<name>/up.sql`, by the versions' letters without their hyphens. Each runs in a
 * transaction unless its `metadata.toml` says otherwise.
 */
export const diesel: Layout = Object.freeze<Layout>({
  tool: "Diesel",
  transaction: "file",
  role: (path) => (path.split(sep).length === 2 && !path.startsWith(".") ? (FILES[basename(path)] ?? null) : null),
  compare: (a, b) => byName(versionOf(a), versionOf(b)) || byName(a, b),
});

const versionOf = (path: string): string => dirname(path).replace(/_.*$/s, "").replaceAll("-", "");

/** How a migration's `metadata.toml` has it run: without the setting, a file that is there asks for no transaction. */
export function dieselTransaction(metadata: string): "batch" | null {
  if (metadata.trim() === "" || /^\s*run_in_transaction\s*=\s*true\b/m.test(metadata)) return null;
  return "batch";
}
