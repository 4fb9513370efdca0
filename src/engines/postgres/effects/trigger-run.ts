import type { TriggerArm, TriggerBody, TriggerStep } from "../../../model/detail/trigger-step.js";

/** What a trigger's function is called for. */
export interface Firing {
  readonly event: "insert" | "update" | "delete" | "truncate";
  /** The table's name without its schema. */
  readonly table: string;
  /** The table's columns; null where they are not known, or there is no row. */
  readonly columns: ReadonlySet<string> | null;
}

/** What happens to a row, or a statement, where that is certain. */
export interface Outcome {
  /** A column of NEW or OLD that the table does not have is named: always, or for some rows. */
  readonly missing: string | null;
  /** It ends without RETURN, always or for some rows. */
  readonly endless: boolean;
  /** Every row is refused. */
  readonly raises: boolean;
  /** No row is given back, or the one that was there before, and nothing else is done for it. */
  readonly lost: boolean;
  /** No row is given back, whatever else is done for it. */
  readonly keeps: boolean;
  /** The statements that are carried out for every row, and those for some of them. */
  readonly runs: readonly { readonly statement: string; readonly always: boolean }[];
}

/** Whether a step is reached: for every row, for some of them by what is in them, or perhaps. */
type Reach = "always" | "row" | "perhaps";
type Ending = "new" | "old" | "null" | "other" | "nothing" | "raises" | "missing";

interface Run {
  readonly firing: Firing;
  readonly endings: Set<Ending>;
  readonly runs: { readonly statement: string; readonly always: boolean }[];
  missing: string | null;
  endless: boolean;
}

/** Carries a body out for one event on one table, as far as it can be told. */
export function runTrigger({ steps, setsNew, acts }: TriggerBody, firing: Firing): Outcome {
  const run: Run = { firing, endings: new Set(), runs: [], missing: null, endless: false };
  reachAfter(steps, "always", run);
  const endings = [...run.endings];
  const { event } = firing;
  const isLost = (ending: Ending) =>
    (ending === "null" && !acts) ||
    (ending === "new" && event === "delete" && !setsNew) ||
    (ending === "old" && (event === "insert" || event === "update"));
  return {
    missing: run.missing,
    endless: run.endless,
    raises: endings.length > 0 && endings.every((ending) => ending === "raises"),
    lost: endings.length > 0 && endings.every(isLost),
    keeps: endings.length > 0 && endings.every((ending) => ending === "null"),
    runs: run.runs,
  };
}

const worse = (a: Reach, b: Reach): Reach =>
  a === "perhaps" || b === "perhaps" ? "perhaps" : a === "row" || b === "row" ? "row" : "always";

/** Whether what stands behind some steps is reached; null where nothing is. */
function reachAfter(steps: readonly TriggerStep[], from: Reach, run: Run): Reach | null {
  let reach: Reach | null = from;
  for (const step of steps) {
    reach = reachBehind(step, reach, run);
    if (reach === null) return null;
  }
  return reach;
}

function reachBehind(step: TriggerStep, reach: Reach, run: Run): Reach | null {
  switch (step.kind) {
    case "names":
      return missingIn(step.columns, reach, run);
    case "if":
      return behindArms(step.arms, reach, run);
    case "maybe":
      reachAfter(step.steps, "perhaps", run);
      return "perhaps";
    case "runs":
      if (reach !== "perhaps") run.runs.push({ statement: step.statement, always: reach === "always" });
      return reach;
    case "raises":
      run.endings.add("raises");
      return null;
    case "returns":
      run.endings.add(step.what);
      run.endless ||= step.what === "nothing" && reach !== "perhaps";
      return null;
  }
}

/** Columns that every row has besides its own. */
const SYSTEM: ReadonlySet<string> = new Set(["tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"]);

function missingIn(columns: readonly string[], reach: Reach, run: Run): Reach | null {
  const known = run.firing.columns;
  const gone = known === null ? undefined : columns.find((name) => !known.has(name) && !SYSTEM.has(name));
  if (gone === undefined) return reach;
  if (reach !== "perhaps") run.missing ??= gone;
  run.endings.add("missing");
  return null;
}

function behindArms(arms: readonly TriggerArm[], from: Reach, run: Run): Reach | null {
  const behind: (Reach | null)[] = [];
  let asked = from;
  for (const { condition, steps } of arms) {
    const holds = condition === null ? true : whenHolds(condition, run.firing);
    if (holds === false) continue;
    behind.push(reachAfter(steps, holds === true ? asked : worse(asked, holds), run));
    if (holds === true) return together(behind, from);
    asked = worse(asked, holds);
  }
  return together([...behind, asked], from);
}

/** Where some arm ended, what is behind is only reached by the others. */
function together(behind: readonly (Reach | null)[], from: Reach): Reach | null {
  const open = behind.filter((reach) => reach !== null);
  if (open.length === 0) return null;
  return open.length === behind.length && !open.includes("perhaps") ? from : open.reduce(worse);
}

const LIST = /^(tg_op|tg_table_name|tg_relname)\s*(=|<>|!=|(?:not\s+)?in)\s*\(?\s*((?:'[^']*'\s*,?\s*)+)\)?$/i;

/** Whether a condition holds: `row` where that depends on the row alone, `perhaps` where it may on anything. */
function whenHolds(text: string, firing: Firing): boolean | "row" | "perhaps" {
  const condition = unwrapped(text.trim());
  const list = LIST.exec(condition);
  if (list !== null) {
    const [, name = "", sign = "", values = ""] = list;
    const value = name.toLowerCase() === "tg_op" ? firing.event.toUpperCase() : firing.table;
    const isAmong = [...values.matchAll(/'([^']*)'/g)].some(([, one]) => one === value);
    return /^(?:=|in)$/i.test(sign) === isAmong;
  }
  const plain = !/[()]|\bcase\b|\bbetween\b/i.test(condition);
  const any = plain ? condition.split(/\bor\b/i) : [condition];
  if (any.length > 1) return joined(any, true, firing);
  const all = plain ? condition.split(/\band\b/i) : [condition];
  if (all.length > 1) return joined(all, false, firing);
  return isOfRow(condition) ? "row" : "perhaps";
}

/** OR holds where one of its parts does, AND does not where one of them does not. */
function joined(parts: readonly string[], decides: boolean, firing: Firing): boolean | "row" | "perhaps" {
  const held = parts.map((part) => whenHolds(part, firing));
  if (held.includes(decides)) return decides;
  const open = held.filter((each) => typeof each === "string");
  if (open.length === 0) return !decides;
  return open.includes("perhaps") ? "perhaps" : "row";
}

/** Without brackets around all of it. */
function unwrapped(text: string): string {
  const inner = /^\(([^()]*)\)$/.exec(text)?.[1];
  return inner === undefined ? text : inner.trim();
}

/** Names nothing but columns of NEW and OLD, and literals. */
function isOfRow(condition: string): boolean {
  const rest = condition.replace(/'(?:[^']|'')*'/g, " ").replace(/\b(?:new|old)\s*(?:\.\s*(?:"[^"]+"|\w+|\*))?/gi, " ");
  const words = rest.match(/[a-z_]\w*/gi) ?? [];
  return /\b(?:new|old)\b/i.test(condition) && words.every((word) => PLAIN.test(word));
}

const PLAIN = /^(?:is|not|null|distinct|from|and|or|in|between|like|true|false|row|coalesce)$/i;
