import { Interrupted } from "../backfill/interrupted.js";
import type { Fleet, FleetDatabase } from "../config/environments.js";
import { redact, secretsOf } from "../config/redact.js";
import type { Settings } from "../config/settings.js";
import { isError, ZmigrateError } from "../errors.js";
import { duration } from "../files/duration.js";
import { type Ended, type FleetResult, hasFailed, inWaves } from "../fleet/waves.js";
import type { Emit, RunEvent } from "../model/event.js";
import { isPassed } from "../model/gate.js";
import { printableLine } from "../report/lint/printable.js";
import { type FleetEvent, runJson } from "../report/run/json.js";
import { isProgress } from "../report/run/progress.js";
import type { ExitCode, Io } from "./command.js";
import { reportFailure } from "./failure.js";
import { sayingPlace, withPlace } from "./printed-commands.js";

/** How often what goes on is told, milliseconds. */
const EVERY_MS = 5_000;

/** What is done with each database of a fleet: with settings as if it were the only one. */
export type EachDatabase<T> = (settings: Settings, around: { signal: AbortSignal; emit: Emit }) => Promise<T>;

/** No more databases are told that they were not begun after so long, milliseconds: what failed the others may be the network. */
const LEFT_MS = 10_000;

/** How a command shows one database that is done. */
export type Shown<T> = (result: T) => string;

/** What is done with a database besides. */
export interface Behind {
  /** When all have ended well. */
  readonly behind?: (settings: Settings) => Promise<void>;
  /** Where it was not begun, since others have failed; what fails in this is passed over. */
  readonly left?: (settings: Settings) => Promise<void>;
}

/** Of several failures the one that a person must look at first. */
const GRAVEST: readonly ExitCode[] = [3, 2, 1, 4];

/** The settings of one database of a fleet. */
export function settingsOf(settings: Settings, { name, databaseUrl, replicaUrls }: FleetDatabase): Settings {
  const inFleet = settings.fleet === null ? null : { name, all: settings.fleet.all };
  return Object.freeze({ ...settings, fleet: null, inFleet, databaseUrl, replicaUrls });
}

/**
 * Does something with each database of a fleet, and prints a line as each ends. The exit code is the gravest one.
 *
 * @throws Interrupted when it was asked to stop, and nothing has failed
 */
export async function eachInWaves<T>(
  settings: Settings,
  fleet: Fleet,
  { io, json, signal, shown }: { io: Io; json: boolean; signal: AbortSignal; shown: Shown<T> },
  one: EachDatabase<T>,
  { behind, left }: Behind = {},
): Promise<ExitCode> {
  const all = fleet.waves.flat();
  const width = Math.max(...all.map(({ name }) => name.length));
  const line = (name: string, how: string, what: string) =>
    io.stdout.write(`${name.padEnd(width)}  ${how.padEnd(9)}  ${printableLine(withPlace(what, { only: name }))}\n`);
  const say = (event: FleetEvent) => io.stdout.write(runJson(event, new Date()));
  const going = new Map<string, string>();
  /** What gates have last kept from each. */
  const shut = new Map<string, string>();
  let over = 0;
  const ticker = setInterval(() => io.stderr.write(goingText(going, over, all.length)), EVERY_MS);
  const told = (end: Ended<T>) => {
    going.delete(end.database.name);
    over++;
    if (json) {
      if (hasFailed(end)) say({ event: "failed", ...failureOf(end.error, end.database), database: end.database.name });
      return;
    }
    const { name } = end.database;
    const why = shut.has(name) ? `. ${shut.get(name)}` : "";
    if (!hasFailed(end)) line(name, "done", `${shown(end.result)} (${duration(end.ms)})${why}`);
    else
      line(
        end.database.name,
        end.error instanceof Interrupted ? "stopped" : isGated(end.error) ? "waits" : "failed",
        messageOf(end.error, end.database),
      );
  };
  try {
    const result = await inWaves(
      fleet,
      signal,
      (database, own) => {
        going.set(database.name, "connecting");
        const emit: Emit = (event) => {
          going.set(database.name, nowText(event) ?? going.get(database.name) ?? "");
          if (event.event === "gate") for (const text of shutText(event)) shut.set(database.name, text);
          if (json) say({ ...event, database: database.name });
        };
        return one(settingsOf(settings, database), { signal: own, emit });
      },
      told,
      (error) => !isGated(error),
    );
    for (const database of result.left) {
      const { name } = database;
      if (json) say({ event: "not-begun", reason: whyLeft(result), database: name });
      else line(name, "not begun", whyLeft(result));
    }
    if (left !== undefined)
      await inWaves(
        { ...fleet, waves: [result.left] },
        AbortSignal.timeout(LEFT_MS),
        (database) => left(settingsOf(settings, database)),
        () => {},
        () => false,
      );
    const code = endOf(result, io);
    if (code !== 0 || result.left.length > 0 || behind === undefined) return code;
    // It is quick, and a half of it would say that half of the fleet is rolled out.
    const toItsEnd = new AbortController().signal;
    return endOf(
      await inWaves(
        fleet,
        toItsEnd,
        (database) => behind(settingsOf(settings, database)),
        () => {},
      ),
      io,
    );
  } finally {
    clearInterval(ticker);
  }
}

/** Where a database stands, by the last event that says it. */
function nowText(event: RunEvent): string | null {
  if (isProgress(event)) {
    const share = event.rowsTotal === 0 ? 100 : Math.min(100, Math.floor((event.rowsDone / event.rowsTotal) * 100));
    return `${event.migration} ${event.step} ${share} %${event.event === "throttled" ? `, waiting: ${event.reason}` : ""}`;
  }
  return event.event === "step-started" ? `${event.migration} ${event.step}` : null;
}

/** The first gate that keeps a stage from a migration; none where all let it begin. */
function shutText({ migration, gates }: Extract<RunEvent, { event: "gate" }>): string[] {
  const gate = gates.find((one) => !isPassed(one));
  return gate === undefined ? [] : [`${migration} waits for ${gate.name}: ${gate.reason}`];
}

/** How many lines of what goes on are told at once. */
const SHOWN = 8;

function goingText(going: ReadonlyMap<string, string>, over: number, all: number): string {
  const lines = [...going].slice(0, SHOWN).map(([name, now]) => `  ${name}: ${printableLine(now)}\n`);
  const more = going.size > SHOWN ? `  and ${going.size - SHOWN} more\n` : "";
  return `${over} of ${all} databases are done.\n${lines.join("")}${more}`;
}

function messageOf(error: unknown, { databaseUrl, replicaUrls }: FleetDatabase): string {
  const message = error instanceof Error ? error.message : String(error);
  return redact(message.split("\n")[0] ?? "", secretsOf([databaseUrl, ...replicaUrls]));
}

/** `--require-contract` where gates are closed: nothing is wrong with the database, and others may go on. */
const isGated = (error: unknown): boolean => isError(error, "gates-closed");

/** What a program reads of a failure. No password is in it. */
export const failureOf = (error: unknown, database: FleetDatabase) => ({
  code: error instanceof ZmigrateError ? error.code : error instanceof Interrupted ? "interrupted" : "internal",
  message: messageOf(error, database),
});

const whyLeft = <T>({ ended }: FleetResult<T>): string => {
  const failed = ended.find((one) => hasFailed(one) && !(one.error instanceof Interrupted) && !isGated(one.error));
  return failed === undefined ? "stopped as asked" : `${failed.database.name} has failed`;
};

function endOf<T>({ ended }: FleetResult<T>, io: Io): ExitCode {
  const failed = ended.filter(hasFailed);
  const codes = failed.flatMap(({ database, error }): ExitCode[] => {
    if (error instanceof Interrupted) return [];
    io.stderr.write(`${database.name}: `);
    return [
      reportFailure(
        error,
        sayingPlace(io, { only: database.name }),
        secretsOf([database.databaseUrl, ...database.replicaUrls]),
      ),
    ];
  });
  const gravest = GRAVEST.find((code) => codes.includes(code));
  if (gravest !== undefined) return gravest;
  const stopped = failed.find(({ error }) => error instanceof Interrupted);
  if (stopped !== undefined) throw stopped.error;
  return 0;
}
