import { type BatchSetting, type Directive, FLAG_NAME, type GateSetting, type WrittenKey } from "../model/directive.js";
import { PHASES } from "../model/phase.js";
import type { Span } from "../model/span.js";
import { DURATION_FORM, parseDuration } from "./duration.js";
import { nearest } from "./similar.js";

/** Why a directive cannot be read, and what to write instead. The caller adds the place. */
export interface Problem {
  readonly reason: string;
  readonly help: string;
}

/** A directive, or why it is none. */
export type Read = { readonly directive: Directive } | { readonly problem: Problem };

type Reader = (value: string, span: Span) => Read;

const RULE_ID = /^[a-z][a-z0-9-]*$/;

const HELP = Object.freeze({
  phase: "Write `-- zmigrate:phase expand`, `backfill` or `contract`.",
  ignore: "Write `-- zmigrate:ignore RULE -- why this is safe here`; several rules are divided by commas.",
  expression: "Write the SQL expression on the same line, e.g. `-- zmigrate:up lower(user_email)`.",
  gate: 'Write `-- zmigrate:gate soak=48h`, `park=24h`, `old-writers=1h`, `unused=1h`, `flag=new-email` or `sql="select ..."`.',
  imported: "`zmigrate import` writes this line: the tool's name, a blank, and the version as its table has it.",
  batch: "Write one or more of `rows=5000`, `target=250ms` and `key=id` after `-- zmigrate:batch`.",
});

const problem = (reason: string, help: string): Read => ({ problem: Object.freeze({ reason, help }) });
const directive = (read: Directive): Read => ({ directive: Object.freeze(read) });

function readPhase(value: string, span: Span): Read {
  const phase = PHASES.find((name) => name === value);
  if (phase !== undefined) return directive({ kind: "phase", span, phase });
  return problem(value === "" ? "the phase is missing" : `there is no phase "${value}"`, HELP.phase);
}

function readIgnore(value: string, span: Span): Read {
  const [, names, reason] = /^(.*?)(?:^|\s)--(?:\s+(.*))?$/.exec(value) ?? [];
  if (names === undefined || reason === undefined || reason === "") {
    return problem("an ignore needs a reason", HELP.ignore);
  }
  const rules = names.split(",").map((rule) => rule.trim());
  const bad = rules.find((rule) => !RULE_ID.test(rule));
  if (bad !== undefined)
    return problem(bad === "" ? "a rule is missing" : `"${bad}" is not a rule's name`, HELP.ignore);
  return directive({ kind: "ignore", span, rules: Object.freeze(rules), reason });
}

function readExpression(kind: "up" | "down" | "fill"): Reader {
  return (value, span) => {
    if (value === "") return problem("the expression is missing", HELP.expression);
    if (value.endsWith(";")) return problem("an expression does not end with a semicolon", HELP.expression);
    return directive({ kind, span, expression: value });
  };
}

function readGate(value: string, span: Span): Read {
  const settings = readSettings(value);
  const [only, ...more] = settings ?? [];
  if (only === undefined || more.length > 0) return problem("a gate directive holds exactly one setting", HELP.gate);
  const gate = gateOf(only.name, only.value);
  return "name" in gate ? directive({ kind: "gate", span, gate: Object.freeze(gate) }) : { problem: gate };
}

const TIMED_GATES = ["soak", "park", "old-writers", "unused"] as const;

function gateOf(name: string, value: string): GateSetting | Problem {
  if (name === "sql")
    return value.trim() === "" ? { reason: "the query is empty", help: HELP.gate } : { name, setting: value };
  if (name === "flag") {
    const wrong = {
      reason: `"${value}" is not a flag's name: letters, digits, dots, colons, _ and -`,
      help: HELP.gate,
    };
    return FLAG_NAME.test(value) ? { name, setting: value } : wrong;
  }
  const timed = TIMED_GATES.find((gate) => gate === name);
  if (timed === undefined) return unknownSetting(name, [...TIMED_GATES, "flag", "sql"], HELP.gate);
  const ms = parseDuration(value);
  return ms === null ? badDuration(value, HELP.gate) : { name: timed, setting: String(ms) };
}

function readBatch(value: string, span: Span): Read {
  const settings = readSettings(value);
  if (settings === null || settings.length === 0)
    return problem("a batch directive holds settings NAME=VALUE", HELP.batch);
  let batch: BatchSetting = { rows: null, targetMs: null, key: null };
  const seen = new Set<string>();
  for (const { name, value: text } of settings) {
    if (seen.has(name)) return problem(`"${name}" is set twice`, HELP.batch);
    seen.add(name);
    const part = batchPart(name, text);
    if ("reason" in part) return { problem: part };
    batch = { ...batch, ...part };
  }
  return directive({ kind: "batch", span, batch: Object.freeze(batch) });
}

function batchPart(name: string, value: string): Partial<BatchSetting> | Problem {
  if (name === "key") return value === "" ? { reason: "the key is empty", help: HELP.batch } : { key: value };
  if (name === "rows") {
    const rows = /^[1-9]\d{0,8}$/.test(value) ? Number(value) : null;
    return rows === null ? { reason: `"${value}" is not a number of rows from 1`, help: HELP.batch } : { rows };
  }
  if (name !== "target") return unknownSetting(name, ["rows", "target", "key"], HELP.batch);
  const targetMs = parseDuration(value);
  return targetMs === null || targetMs === 0 ? badDuration(value, HELP.batch) : { targetMs };
}

function unknownSetting(name: string, known: readonly string[], help: string): Problem {
  const meant = nearest(name, known);
  return { reason: `unknown setting "${name}"`, help: meant === null ? help : `Did you mean "${meant}"? ${help}` };
}

const badDuration = (value: string, help: string): Problem => ({
  reason: `"${value}" is not a duration (${DURATION_FORM})`,
  help,
});

interface Setting {
  readonly name: string;
  readonly value: string;
}

/** `a=1 b="x ""y"""`: names and values, a value with spaces in double quotes, a double quote in it doubled. */
function readSettings(text: string): Setting[] | null {
  const one = /([a-z][a-z-]*)=(?:"((?:[^"]|"")*)"|([^\s"]+))(?:\s+|$)/y;
  const settings: Setting[] = [];
  while (one.lastIndex < text.length) {
    const [, name, quoted, bare] = one.exec(text) ?? [];
    if (name === undefined) return null;
    settings.push({ name, value: quoted?.replaceAll('""', '"') ?? bare ?? "" });
  }
  return settings;
}

function readImported(value: string, span: Span): Read {
  const [, tool, version] = /^([a-z][a-z0-9-]*)\s+(\S.*)$/.exec(value) ?? [];
  if (tool === undefined || version === undefined) return problem("the tool or the version is missing", HELP.imported);
  return directive({ kind: "imported", span, tool, version });
}

/** The keys of a file that `plan --write` has put into phases: nobody writes them by hand. */
export const WRITTEN_KEYS: readonly WrittenKey[] = Object.freeze([
  "from",
  "written",
  "note",
  "leaves",
  "step",
  "why",
  "with",
  "undo",
  "more",
]);

/** How the text behind each key is read. */
export const READERS: Readonly<Record<Exclude<Directive["kind"], "written">, Reader>> = Object.freeze({
  phase: readPhase,
  ignore: readIgnore,
  up: readExpression("up"),
  down: readExpression("down"),
  fill: readExpression("fill"),
  gate: readGate,
  batch: readBatch,
  imported: readImported,
});

/** The keys of the grammar. */
export const DIRECTIVE_KEYS: readonly string[] = Object.freeze(Object.keys(READERS));
