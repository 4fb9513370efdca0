import type { FormerTool } from "../adopt/tool.js";
import { TOOLS, toolNamed } from "../adopt/tools/index.js";
import { ZmigrateError } from "../errors.js";

const NAMES = TOOLS.map(({ name }) => name).join(", ");

/** The flag that names the tool that was used before. */
export const TOOL_FLAG: readonly [flags: string, help: string] = [
  "--from <tool>",
  `the tool that was used before: ${NAMES}`,
];

/** @throws ZmigrateError usage: it is none that zmigrate can take over from */
export function formerTool(name: string): FormerTool {
  const tool = toolNamed(name);
  if (tool !== undefined) return tool;
  throw new ZmigrateError("usage", { reason: `--from: "${name}" is not one of ${NAMES}.` });
}
