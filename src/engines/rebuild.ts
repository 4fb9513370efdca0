import type { Step } from "../model/step.js";
import type { Session } from "./engine.js";

/** A rebuild by another program, as the runner hands it over. */
export interface RebuildWork {
  readonly step: Step;
  /** What an earlier run of this step has kept: what is there of the program is its own. Null where none began. */
  readonly target: string | null;
  /** Keeps what is wanted, before anything is changed. */
  keep(target: string): Promise<void>;
  /** A line for people: the program's, or one about it. No password is in it. */
  say(line: string): void;
  /** Milliseconds. */
  readonly lockMs: number;
  /** Aborted to end the program. */
  readonly signal: AbortSignal;
}

/** Rebuilds by programs that the configuration names. */
export interface Rebuilder {
  /** That each of the steps could begin. @throws ZmigrateError osc-another, osc-missing, osc-unfit, osc-refused: before anything is changed */
  check(session: Session, steps: readonly Step[]): Promise<void>;
  /**
   * Runs the program until the table is what is asked for; whatever its exit code says, the server is asked.
   *
   * @throws ZmigrateError what `check` throws, osc-left and osc-gone. Error: why the table is not what is asked for
   */
  run(session: Session, work: RebuildWork): Promise<void>;
  /** Whether the table is what a run that was cut off wanted. */
  isDone(session: Session, step: Step, target: string | null): Promise<boolean>;
  /** Drops what an unfinished run has left. @returns what it dropped, for people */
  clean(session: Session, step: Step, lockMs: number): Promise<readonly string[]>;
}
