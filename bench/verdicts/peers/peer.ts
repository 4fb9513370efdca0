/** One thing that a linter says of a file. */
export interface Alarm {
  /** As the linter calls it. */
  readonly rule: string;
  /** About style, session settings or re-runnability: not about what the statement does to a running application. */
  readonly advice: boolean;
}

/** A linter that can be asked. */
export interface Peer {
  /** `squawk 2.66.0`. */
  readonly name: string;
  /** What it says, with its own defaults, of a PostgreSQL 18 migration in this file. A file that it cannot read is an alarm. */
  alarms(file: string): readonly Alarm[];
}

/** What a linter that could not read a file said. */
export const UNREADABLE: readonly Alarm[] = Object.freeze([Object.freeze({ rule: "unreadable", advice: false })]);
