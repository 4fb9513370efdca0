import { redact, spellingsOf } from "../../../config/redact.js";
import type { RebuildWork } from "../../rebuild.js";
import { commandOf } from "./command.js";
import { runProgram } from "./process.js";
import { runFolder } from "./run-folder.js";
import type { Startable } from "./task.js";
import type { Job } from "./tool.js";

/** Of what a program printed last, so many lines are told. */
const MOST_LINES = 8;

const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** Starts the program and waits for its end. @returns its exit code, and the last lines that it printed */
export async function start(task: Startable, program: string, { say, signal, lockMs }: RebuildWork) {
  const { osc, tool, place, database, work, change } = task;
  const { folder, file, remove } = runFolder(tool.credentials(place));
  const job: Job = {
    ...{ place, file, folder, database, change, table: work.relation.name },
    ...{ lockSeconds: secondsOf(lockMs), given: osc.given },
  };
  const lines: string[] = [];
  const secrets = spellingsOf(place.password, [place.user, place.host, database, work.relation.name]);
  const hide = (line: string) => redact(line, secrets);
  const hear = (line: string) => {
    if (line.trim() === "") return;
    lines.push(hide(line));
    if (lines.length > MOST_LINES) lines.shift();
    say(hide(line));
  };
  try {
    say(hide(`$ ${commandOf(osc, job)}`));
    const env = tool.env(place);
    const code = await runProgram({ program, args: tool.args(job), folder, env, signal, say: hear });
    return { code, lines };
  } finally {
    remove();
  }
}
