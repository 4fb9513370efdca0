import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The peer as npm installs it. */
export interface Squawk {
  readonly file: string;
  /** `squawk 2.66.0`. */
  readonly name: string;
}

/** The version that the goals were measured against, so that runs can be compared. */
const PACKAGE = "squawk-cli@2.66.0";

/** Installs squawk into a temporary folder, once; null where npm or its registry cannot be reached. */
export function squawk(): Squawk | null {
  const folder = join(tmpdir(), `zmigrate-bench-${PACKAGE}`);
  const file = join(folder, "node_modules", ".bin", "squawk");
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    spawnSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--no-save", PACKAGE], {
      stdio: "ignore",
    });
  }
  if (!existsSync(file)) return null;
  const version = spawnSync(file, ["--version"], { encoding: "utf8" });
  return version.status === 0 ? { file, name: version.stdout.trim() } : null;
}
