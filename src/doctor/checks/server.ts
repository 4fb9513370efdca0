import type { Version } from "../../engines/engine.js";
import type { Check } from "../check.js";

/** By the parts that both have: 18.6 is no newer than 18. */
function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((part, i) => b[i] !== undefined && part !== b[i]);
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** What a release line is told by: its patches are not. */
const lineOf = ({ parts }: Version): readonly number[] => parts.slice(0, 2);

/** Is the server one of those that zmigrate is written for? */
export const server: Check = {
  name: "server",
  async look({ engine, database }) {
    const { version, target } = database.server;
    const range = `${engine.oldestVersion.text} to ${engine.newestVersion.text}`;
    const found = `${engine.name} ${version.text} at ${target}; supported are ${range}`;
    const { oldestVersion: oldest, newestVersion: newest } = engine;
    if (!isBefore(version.parts, oldest.parts) && !isBefore(lineOf(newest), lineOf(version)))
      return { health: "ok", found };
    return { health: "advice", found, way: "Try migrations on a copy of the database first." };
  },
};
