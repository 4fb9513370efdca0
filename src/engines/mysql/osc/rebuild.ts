import { isDeepStrictEqual } from "node:util";
import { ZmigrateError } from "../../../errors.js";
import type { Catalog } from "../../../model/catalog.js";
import { findTable, type Session, type Timeouts } from "../../engine.js";
import type { Rebuilder, RebuildWork } from "../../rebuild.js";
import { run as runStatements } from "../execute/run.js";
import { introspect } from "../introspect/index.js";
import type { Osc } from "./index.js";
import { dropping, type Leftovers, leftovers, namesOf } from "./leftovers.js";
import { areFew, countRows, isSmallShare, MOST, missingRows } from "./missing-rows.js";
import { differences, type Picture, pictureOf } from "./picture.js";
import { findProgram } from "./process.js";
import { sweep } from "./run-folder.js";
import { start } from "./start.js";
import { isFilled, madeAt, type Target, targetOf } from "./target.js";
import { type Means, type Startable, startable, type Task, taskOf } from "./task.js";
import type { Subject, Tool } from "./tool.js";

/** @throws ZmigrateError osc-missing */
function programOf({ tool, path }: Osc): string {
  const found = findProgram(path);
  if (found === null) throw new ZmigrateError("osc-missing", { tool: tool.name, path, get: tool.get });
  return found;
}

async function unsettled(session: Session, { settings }: Tool): Promise<string[]> {
  const rows = await session.query("SHOW GLOBAL VARIABLES");
  const set = new Map(
    rows.map((row) => Object.values(row).map(String)).map(([name = "", value = ""]) => [name, value]),
  );
  return Object.entries(settings).flatMap(([name, allowed]) => {
    const value = set.get(name);
    if (value === undefined || allowed.includes(value.toUpperCase())) return [];
    return [`the server's ${name} is ${value}, and must be ${allowed[0]}`];
  });
}

/** Triggers that the program itself has left are looked at when there is room to be made. */
function subjectOf(catalog: Catalog, { dialect, work, traces, osc }: Startable): Subject | null {
  const table = findTable(catalog, work.relation);
  if (table === null) return null;
  const objects = (catalog.objects ?? []).filter((o) => traces.trigger?.test(o.name.name) !== true);
  return { table, catalog: { ...catalog, objects }, dialect, given: osc.given };
}

/** What the plan saw may be another by now. @throws ZmigrateError osc-missing, osc-refused */
async function checkOne(session: Session, task: Startable): Promise<string> {
  const { osc, tool, dialect, place, work } = task;
  const program = programOf(osc);
  const subject = subjectOf(await introspect(session, dialect), task);
  const unreachable = tool.unreachable(place);
  const reasons = [
    ...(unreachable === null ? [] : [unreachable]),
    ...(subject === null ? ["there is no such table"] : tool.unmet(subject)),
    ...(await unsettled(session, tool)),
  ];
  if (reasons.length === 0) return program;
  throw new ZmigrateError("osc-refused", { tool: tool.name, table: work.relation.name, reasons });
}

const picture = (session: Session, { work, traces }: Task): Promise<Picture> =>
  pictureOf(session, work.relation, traces);

/** What is left may be the only copy of the rows. @throws ZmigrateError osc-gone where the table is no more */
async function mustBeThere(session: Session, { tool, work, traces }: Task): Promise<void> {
  const { name } = work.relation;
  const sql = "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?";
  if ((await session.query(sql, [name])).length > 0) return;
  const found = namesOf(await leftovers(session, name, traces));
  throw new ZmigrateError("osc-gone", { tool: tool.name, table: name, found });
}

/** In what the table is not what is wanted; empty when it is that. @throws ZmigrateError osc-gone */
async function lacking(session: Session, task: Task, target: Target): Promise<string[]> {
  const { name } = task.work.relation;
  await mustBeThere(session, task);
  const { made, filled, rows: _, ...wanted } = target;
  const found = differences(wanted, await picture(session, task));
  if (found.length > 0) return found;
  if (made !== null && (await madeAt(session, name)) === made) return ["it was not written anew"];
  return filled && !(await isFilled(session, name)) ? ["its rows are gone"] : [];
}

async function drop(session: Session, task: Task, left: Leftovers, lockMs: number): Promise<void> {
  await runStatements(session, dropping(left), { lockMs, statementMs: 0 }, false, task.dialect);
}

/** What can be made again goes; the table as it was stays. @returns what was dropped */
async function clean(session: Session, task: Task, lockMs: number): Promise<readonly string[]> {
  await mustBeThere(session, task);
  const left = { ...(await leftovers(session, task.work.relation.name, task.traces)), old: [] };
  await drop(session, task, left, lockMs);
  return namesOf(left);
}

/** The last copy of a row is not dropped. @returns the old tables whose rows are all there @throws Error */
async function withoutLoss(session: Session, name: string, old: readonly string[], { say }: RebuildWork) {
  const whole: string[] = [];
  for (const table of old) {
    say(`Looking for rows of ${table} that are not in ${name}.`);
    const missing = await missingRows(session, name, table);
    const said = `${missing} rows of ${table}${missing < MOST ? "" : ", or more,"} are not in ${name}: they were not copied, or deleted since. ${table} is kept`;
    if (!(await areFew(session, missing, table)))
      throw new Error(
        `${said}: put back what is missing, or drop it if nothing is, and run \`zmigrate apply\` again. The table is in use as it was asked for.`,
      );
    if (missing === 0) whole.push(table);
    else say(`${said}: look at them, and drop it by hand.`);
  }
  return whole;
}

/** Where the program has dropped the old table, there are only numbers to compare. @throws Error once: the next run goes on */
async function withoutShrinking(session: Session, name: string, target: Target, { keep }: RebuildWork): Promise<void> {
  const rows = await countRows(session, name);
  const gone = (target.rows ?? 0) - rows;
  if (isSmallShare(gone, target.rows ?? 0)) return;
  await keep(JSON.stringify({ ...target, rows } satisfies Target));
  throw new Error(
    `${name} has ${rows} rows, ${gone} fewer than before it was rebuilt, and the table as it was is gone: they were not copied, or deleted since. ${name} is in use as it was asked for: put back what is missing, and run \`zmigrate apply\` again, which then takes it as it is.`,
  );
}

/** The table is what is wanted: nothing of the program is needed any more. */
async function finish(session: Session, task: Task, target: Target, work: RebuildWork): Promise<void> {
  const { name } = task.work.relation;
  const found = await leftovers(session, name, task.traces);
  if (found.old.length === 0) await withoutShrinking(session, name, target, work);
  const left = { ...found, old: await withoutLoss(session, name, found.old, work) };
  await drop(session, task, left, work.lockMs);
  const names = namesOf(left);
  work.say(`${name} is what is asked for${names.length === 0 ? "" : `; dropped ${names.join(", ")}`}.`);
}

/** @throws ZmigrateError osc-left for what is nobody's, or is the only copy of what the table was */
async function makeRoom(session: Session, task: Task, begun: boolean, { say, lockMs }: RebuildWork): Promise<void> {
  const { tool, work, traces } = task;
  const left = await leftovers(session, work.relation.name, traces);
  const found = namesOf(left);
  if (found.length === 0) return;
  if (!begun || left.old.length > 0)
    throw new ZmigrateError("osc-left", {
      tool: tool.name,
      table: work.relation.name,
      found: begun ? left.old.map((name) => `table ${name}`) : found,
      kept: begun,
    });
  const next = tool.resumes ? `${tool.name} goes on with them` : "dropped, to begin anew";
  say(`Found of a run that was cut off: ${found.join(", ")}; ${next}.`);
  if (!tool.resumes) await drop(session, task, left, lockMs);
}

/** Says what a program that was stopped, or failed, has left. */
async function cleanUp(session: Session, task: Task, { say, lockMs }: RebuildWork, how: string): Promise<void> {
  const { tool, work, traces } = task;
  const look = async () => namesOf(await leftovers(session, work.relation.name, traces));
  const before = await look();
  if (before.length === 0) return say(`${tool.name} ${how}, and left nothing behind.`);
  if (tool.resumes)
    return say(`${tool.name} ${how}, and left ${before.join(", ")}: the next \`zmigrate apply\` goes on with them.`);
  const dropped = await clean(session, task, lockMs).catch(() => []);
  const left = await look();
  if (dropped.length > 0)
    say(`${tool.name} ${how}; dropped what it left: ${dropped.join(", ")}. The next \`zmigrate apply\` begins anew.`);
  if (left.length > 0)
    say(`${tool.name} ${how}, and left ${left.join(", ")}: the next \`zmigrate apply\` looks at that again.`);
}

const targetIn = (text: string | null): Target | null => (text === null ? null : (JSON.parse(text) as Target));

/** What the server itself makes of an empty table like this one, kept in the journal before anything is changed. */
async function aim(session: Session, task: Startable, former: Target | null, work: RebuildWork): Promise<Target> {
  const asked = { table: task.work.relation.name, change: task.change, lockMs: work.lockMs };
  const run = (on: Session, sql: readonly string[], timeouts: Timeouts) =>
    runStatements(on, sql, timeouts, false, task.dialect);
  const target = await targetOf(session, await picture(session, task), asked, run);
  if (former === null || !isDeepStrictEqual(former, target)) await work.keep(JSON.stringify(target));
  return target;
}

async function rebuild(session: Session, means: Means, work: RebuildWork): Promise<void> {
  const task = taskOf(means, work.step);
  const former = targetIn(work.target);
  if (former !== null && (await lacking(session, task, former)).length === 0)
    return finish(session, task, former, work);
  const begins = startable(means, task);
  const program = await checkOne(session, begins);
  await makeRoom(session, task, former !== null, work);
  const target = await aim(session, begins, former, work);
  const { code, lines } = await start(begins, program, work);
  const missing = await lacking(session, task, target);
  if (missing.length === 0) return finish(session, task, target, work);
  await cleanUp(session, task, work, work.signal.aborted ? "was stopped" : "failed");
  throw new Error(failure(task, code, missing, lines));
}

function failure(task: Task, code: number | null, missing: readonly string[], lines: readonly string[]): string {
  const ended = code === null ? "was ended by a signal" : `ended with ${code}`;
  const why = `${task.tool.name} ${ended}, and ${task.work.relation.name} is not what is asked for (${missing.slice(0, 4).join("; ")})`;
  return lines.length === 0 ? why : `${why}. Its last lines:\n    ${lines.join("\n    ")}`;
}

/** Rebuilds by the program of the configuration, on the database that a run is connected to. */
export function rebuilderOf(means: Means): Rebuilder {
  return {
    async check(session, steps) {
      const own = steps.filter((step) => step.tool !== undefined);
      if (own.length > 0) sweep();
      for (const step of own) await checkOne(session, startable(means, taskOf(means, step)));
    },
    async run(session, work) {
      sweep();
      await rebuild(session, means, work);
    },
    async isDone(session, step, text) {
      const target = targetIn(text);
      return target !== null && (await lacking(session, taskOf(means, step), target)).length === 0;
    },
    async clean(session, step, lockMs) {
      sweep();
      return clean(session, taskOf(means, step), lockMs);
    },
  };
}
