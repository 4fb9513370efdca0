import { setTimeout as sleep } from "node:timers/promises";
import { count } from "../report/format.js";
import { orAbort } from "./abort.js";
import type { ClientWindow } from "./client.js";
import type { DemoClient } from "./client-handle.js";
import { CLI, EXAMPLE } from "./paths.js";
import { type Phases, phases } from "./phases.js";
import { clientReport, type DemoReport, rounded } from "./report.js";
import { type Shell, shell } from "./shell.js";
import { type Stage, withStage } from "./stage.js";
import { checkUsers, countDifferingSides, loadUsers } from "./users.js";

export interface DemoOptions {
  /** Users to load, from `FEWEST_ROWS`. */
  readonly rows: number;
  /** Gets the story, a sentence or two at a time. */
  readonly tell: (text: string) => void;
  /** Gets the command lines as a person would type them. */
  readonly echo: (commandLine: string) => void;
  /** The file descriptor that commands print to. */
  readonly output: 1 | 2;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** Each lane of each client needs a row of its own. */
export const FEWEST_ROWS = 100;

/** The two migrations of the example. */
const CREATE = "20260105090000";
const RENAME = "20260112090000";

/** A client has 4 connections with 5 statements every 80 ms: 250 statements a second, which leaves two cores room. */
const PACE = Object.freeze({ lanes: 4, everyMs: 80 });
const BASELINE_MS = 5_000;
const SIDE_BY_SIDE_MS = 3_000;
const ALONE_MS = 1_000;

/** What the scenes share. */
interface Play extends Stage {
  readonly options: DemoOptions;
  readonly phases: Phases;
  readonly shell: Shell;
}

/**
 * Plays the migration of `migrations-example/postgres` on servers of its own, with clients that never pause.
 *
 * @throws ZmigrateError not-available (no embedded PostgreSQL), demo-failed (a command ended otherwise than expected)
 * @throws the signal's reason when it is aborted
 */
export async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const timing = phases();
  options.tell("Starting a PostgreSQL 18 and a streaming replica of it in a temporary folder.");
  return withStage(async (stage) => {
    const { signal, output, echo } = options;
    const commands = shell({ cli: CLI, cwd: EXAMPLE, databaseUrl: stage.url, output, echo, signal });
    return perform({ ...stage, options, phases: timing, shell: commands });
  });
}

async function perform(play: Play): Promise<DemoReport> {
  const old = await before(play);
  const baseline = await old.window();
  await judged(play);
  const fresh = await expanded(play);
  const differing = await sideBySide(play);
  const oldResult = await old.stop();
  await contracted(play);
  const newResult = await fresh.stop();
  const written = new Map([...oldResult.written, ...newResult.written]);
  const mismatches = differing + (await compared(play, written));
  const maxLagMs = await play.lag.stop();
  return report(play, { baseline, old: oldResult.window, fresh: newResult.window, maxLagMs, mismatches });
}

/** What the scenes measured. */
interface Measured {
  readonly baseline: ClientWindow;
  readonly old: ClientWindow;
  readonly fresh: ClientWindow;
  readonly maxLagMs: number;
  readonly mismatches: number;
}

function report({ options, phases: timing }: Play, measured: Measured): DemoReport {
  const { baseline, old, fresh, maxLagMs, mismatches } = measured;
  for (const failure of [baseline, old, fresh].flatMap((w) => w.failures)) options.tell(`Failed: ${failure}`);
  return Object.freeze({
    rows: options.rows,
    clients: Object.freeze({ old: clientReport([baseline, old], old), new: clientReport([fresh], fresh) }),
    baselineP99Ms: rounded(baseline.p99Ms),
    maxLagMs: rounded(maxLagMs),
    mismatches,
    ...timing.end(),
  });
}

/** Release 1: a table, its rows, and code that uses it. */
async function before(play: Play): Promise<DemoClient> {
  const { options, db, shell: commands } = play;
  const { rows, signal, tell } = options;
  await play.phases.of("load", async () => {
    await commands.zmigrate(["apply", "--release", "1", "--to", CREATE]);
    tell(`Loading ${count(rows)} users.`);
    await orAbort(loadUsers(db, rows), signal);
  });
  return play.phases.of("baseline", async () => {
    tell(
      `Release 1, the old code, reads and writes users.user_email; alone for ${BASELINE_MS / 1000} s: the baseline.`,
    );
    const old = await play.client({ tag: "old", rows, ...PACE, readsAll: true });
    await sleep(BASELINE_MS, undefined, { signal });
    return old;
  });
}

/** What a developer and a reviewer see. */
async function judged({ options, phases: timing, shell: commands }: Play): Promise<void> {
  await timing.of("lint", async () => {
    options.tell("A migration renames the column. Is that safe?");
    await commands.zmigrate(["lint"], 1);
  });
  await timing.of("plan", async () => {
    options.tell("Not as it is written. This is what zmigrate does instead:");
    await commands.zmigrate(["plan"]);
  });
}

/** Release 2: expand and backfill. The new code comes as soon as that expand is done. */
async function expanded(play: Play): Promise<DemoClient> {
  const { options, shell: commands } = play;
  const { rows, signal, tell } = options;
  return play.phases.of("expand and backfill", async () => {
    tell(
      "First deploy. The old code goes on. Release 2, the new code, starts as soon as expand is done; until the backfill is done it reads what it wrote.",
    );
    const stop = new AbortController();
    const starting = deployed(play, AbortSignal.any([signal, stop.signal]), () =>
      play.client({ tag: "new", rows, ...PACE, readsAll: false }),
    );
    starting.catch(() => undefined);
    try {
      await commands.zmigrate(["apply", "--release", "2"]);
    } catch (error) {
      stop.abort(error);
      throw error;
    }
    const fresh = await starting;
    fresh.readAll();
    tell(`Both run side by side for ${SIDE_BY_SIDE_MS / 1000} s more; the new code reads every row now.`);
    await sleep(SIDE_BY_SIDE_MS, undefined, { signal });
    return fresh;
  });
}

/** Waits until the rename's expand is in the journal. */
async function deployed<T>({ db }: Play, signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  const sql = "SELECT FROM zmigrate.migrations WHERE id = $1 AND expanded_at IS NOT NULL";
  while ((await db.query(sql, [RENAME])).rows.length === 0) await sleep(50, undefined, { signal });
  return start();
}

/** How it stands while old and new code run. Counts rows whose sides differ, by the demo's own query. */
async function sideBySide({ db, options, phases: timing, shell: commands }: Play): Promise<number> {
  return timing.of("status and verify", async () => {
    await commands.zmigrate(["status", "--release", "2"]);
    await commands.zmigrate(["verify"]);
    return orAbort(countDifferingSides(db), options.signal);
  });
}

/** Releases 3 and 4: the swap, and the drop of what it parked. */
async function contracted({ options, phases: timing, shell: commands }: Play): Promise<void> {
  const { signal, tell } = options;
  await timing.of("swap", async () => {
    tell("Second deploy: release 3. The old code is gone everywhere.");
    await commands.zmigrate(["apply", "--contract", "--release", "3"]);
    await sleep(ALONE_MS, undefined, { signal });
  });
  await timing.of("drop", async () => {
    tell("Third deploy: release 4. What the swap parked would be kept for a day; the demo does not wait.");
    await commands.zmigrate(["apply", "--contract", "--release", "4", "--park", "0"]);
    await commands.zmigrate(["status"]);
    await sleep(ALONE_MS, undefined, { signal });
  });
}

/** Every row against what its writer knows. Returns how many differ. */
async function compared({ db, options, phases: timing }: Play, written: ReadonlyMap<number, string>): Promise<number> {
  return timing.of("compare", async () => {
    const { rows, mismatches } = await orAbort(checkUsers(db, options.rows, written), options.signal);
    options.tell(
      `Compared ${count(rows)} rows with what was written: ${count(written.size)} by clients, the rest by the generator.`,
    );
    return mismatches;
  });
}
