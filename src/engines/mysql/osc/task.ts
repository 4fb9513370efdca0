import { ZmigrateError } from "../../../errors.js";
import type { Step, ToolWork } from "../../../model/step.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { changeIn } from "../strategies/written.js";
import { type Osc, toolOf } from "./index.js";
import type { Place, Tool, Traces } from "./tool.js";

/** All that a rebuild is done with. */
export interface Means {
  readonly osc: Osc | null;
  readonly dialect: MysqlDialect;
  readonly place: Place;
  readonly database: string;
}

/** One table, and the program that the plan was made for. */
export interface Task extends Omit<Means, "osc"> {
  readonly step: Step;
  readonly tool: Tool;
  readonly work: ToolWork;
  readonly traces: Traces;
}

/** The same, to be started. */
export interface Startable extends Task {
  readonly osc: Osc;
  /** What stands behind `ALTER TABLE t`. */
  readonly change: string;
}

export function taskOf({ dialect, place, database }: Means, step: Step): Task {
  const { tool: work } = step;
  if (work === undefined) throw new ZmigrateError("internal", { reason: `step ${step.id} is no rebuild` });
  const tool = toolOf(work.tool);
  return { dialect, place, database, step, tool, work, traces: tool.traces(database, work.relation.name) };
}

/** @throws ZmigrateError osc-another where the configuration names another program by now */
export function startable({ osc }: Means, task: Task): Startable {
  const { step, tool } = task;
  if (osc?.tool === tool) return { ...task, osc, change: changeIn(step.sql[0] ?? "") };
  const configured = osc?.tool.name ?? null;
  throw new ZmigrateError("osc-another", { step: step.id, tool: tool.name, configured });
}
