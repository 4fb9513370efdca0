import { ZmigrateError } from "../../../errors.js";
import type { OscSetting, OscTool } from "../../../model/osc.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { ghOst } from "./gh-ost.js";
import { ptOnlineSchemaChange } from "./pt-online-schema-change.js";
import { flagOf } from "./shared.js";
import { spirit } from "./spirit.js";
import type { Tool } from "./tool.js";

/** A new program is one file and one line here, and its name in `OSC_TOOLS`. */
const TOOLS: { readonly [K in OscTool]: Tool } = {
  "gh-ost": ghOst,
  spirit,
  "pt-online-schema-change": ptOnlineSchemaChange,
};

export const toolOf = (name: OscTool): Tool => TOOLS[name];

/** The program that the configuration names, and how it is started. */
export interface Osc {
  readonly tool: Tool;
  readonly path: string;
  readonly given: readonly string[];
}

/** Programs take the beginning of a flag's name for the whole of it. */
function problemOf({ own }: Tool, argument: string): string | null {
  const flag = flagOf(argument);
  if (flag === null || !argument.startsWith("--")) return "is not written as --flag or --flag=value";
  const bare = flag.replace(/^no-?/, "");
  if (own.some((o) => o.startsWith(flag) || o === bare))
    return "is what zmigrate gives itself, or what would defeat it";
  return /password|[,=]p=/i.test(argument) ? "holds a password, which every user of the machine would see" : null;
}

/** @throws ZmigrateError osc-unfit, for another server's program and for arguments that it must not be given */
export function oscOf(setting: OscSetting | null, dialect: MysqlDialect): Osc | null {
  if (setting === null) return null;
  const tool = TOOLS[setting.tool];
  if (!tool.dialects.includes(dialect))
    throw new ZmigrateError("osc-unfit", {
      tool: tool.name,
      reason: `it is for ${tool.dialects.join(" and ")}, and the engine is ${dialect}`,
    });
  for (const argument of setting.args) {
    const problem = problemOf(tool, argument);
    const shown = flagOf(argument) ?? "an argument";
    if (problem !== null) throw new ZmigrateError("osc-unfit", { tool: tool.name, reason: `${shown} ${problem}` });
  }
  return Object.freeze({ tool, path: setting.path, given: setting.args });
}
