import type { TriggerArm, TriggerBody, TriggerStep } from "../../../../../model/detail/trigger-step.js";
import { at, functionOf, listOf, type Tree, visit } from "./tree.js";

interface Reading {
  /** The columns of NEW and OLD that the whole body names, as plpgsql has them. */
  readonly fields: ReadonlySet<string>;
  /** What the variables are that stand for the values of CASE. */
  readonly cases: Map<string, string>;
}

/** The body of a function that RETURNS trigger; null for another one, and where NEW or OLD is given as a whole. */
export function triggerBody(tree: unknown): TriggerBody | null {
  const found = functionOf(tree);
  const datums = listOf(at(found, "datums"));
  const [row, old] = datums.map((datum) => at(at(datum, "PLpgSQL_rec"), "refname"));
  if (row !== "new" || old !== "old" || isGivenWhole(at(found, "action"))) return null;
  const records = datums.map((datum) => at(datum, "PLpgSQL_recfield")).filter((field) => field !== undefined);
  const own = records.filter((field) => Number(at(field, "recparentno") ?? 0) < 2);
  const reading = { fields: new Set(own.map((field) => String(at(field, "fieldname")))), cases: new Map() };
  const steps = Object.freeze(stepsOf([at(found, "action")], reading));
  const action = at(found, "action");
  return Object.freeze({
    steps,
    setsNew: setsNew(action),
    variables: Object.freeze(datums.flatMap(nameOf)),
    acts: ACTIONS.some((kind) => holds(action, kind)),
  });
}

const nameOf = (datum: unknown): string[] =>
  ["PLpgSQL_var", "PLpgSQL_rec", "PLpgSQL_row"].flatMap((kind) => {
    const name = at(at(datum, kind), "refname");
    return typeof name === "string" ? [name] : [];
  });

const ACTIONS = ["execsql", "dynexecute", "perform", "call"].map((name) => `PLpgSQL_stmt_${name}`);

const textOf = (tree: unknown): string => String(at(at(tree, "PLpgSQL_expr"), "query") ?? "");

function holds(tree: unknown, kind: string): boolean {
  let found = false;
  visit(tree, kind, () => {
    found = true;
  });
  return found;
}

/** `NEW := f(NEW)`, `SELECT * INTO NEW`: what the row is then cannot be told. */
function isGivenWhole(action: unknown): boolean {
  let whole = false;
  visit(action, "PLpgSQL_stmt_assign", (node) => {
    whole ||= Number(at(node, "varno") ?? 0) < 2;
  });
  for (const place of ["target", "var"]) {
    visit(action, place, (node) => {
      whole ||= /^(?:new|old)$/.test(String(at(at(node, "PLpgSQL_rec"), "refname")));
    });
  }
  return whole;
}

function setsNew(action: unknown): boolean {
  let sets = false;
  visit(action, "PLpgSQL_stmt_assign", (node) => {
    sets ||= /^\s*new\s*\./i.test(textOf(at(node, "expr")));
  });
  visit(action, "fields", (fields) => {
    sets ||= listOf(fields).some((field) => /^new\./i.test(String(at(field, "name"))));
  });
  return sets;
}

function stepsOf(statements: readonly unknown[], reading: Reading): TriggerStep[] {
  return statements.flatMap((statement) => {
    const [entry] = Object.entries((statement ?? {}) as Tree);
    return entry === undefined ? [] : stepOf(entry[0], entry[1], reading);
  });
}

const inside = (node: unknown, key: string, reading: Reading): TriggerStep[] => stepsOf(listOf(at(node, key)), reading);

function stepOf(kind: string, node: unknown, reading: Reading): TriggerStep[] {
  switch (kind) {
    case "PLpgSQL_stmt_block":
      return at(node, "exceptions") === undefined
        ? inside(node, "body", reading)
        : [maybe([...inside(node, "body", reading), { kind: "maybe", steps: handlersOf(node, reading) }])];
    case "PLpgSQL_stmt_if":
      return ifOf(node, reading);
    case "PLpgSQL_stmt_case":
      return caseOf(node, reading);
    case "PLpgSQL_stmt_return":
      return [...namesIn(node, reading), returnOf(node)];
    case "PLpgSQL_stmt_raise":
      return [
        ...namesIn(node, reading),
        ...(Number(at(node, "elog_level")) === ERROR ? [{ kind: "raises" } as const] : []),
      ];
    case "PLpgSQL_stmt_execsql":
      return [...namesIn(node, reading), { kind: "runs", statement: textOf(at(node, "sqlstmt")).trim() }];
    default:
      return LOOPS.test(kind) ? [maybe(inside(node, "body", reading))] : namesIn(node, reading);
  }
}

/** PostgreSQL's own number of RAISE EXCEPTION. */
const ERROR = 21;
const LOOPS = /^PLpgSQL_stmt_(?:loop|while|fori|fors|forc|dynfors|foreach_a)$/;

const maybe = (steps: TriggerStep[]): TriggerStep => Object.freeze({ kind: "maybe", steps: Object.freeze(steps) });

function handlersOf(block: unknown, reading: Reading): TriggerStep[] {
  const handlers = listOf(at(at(at(block, "exceptions"), "PLpgSQL_exception_block"), "exc_list"));
  return handlers.map((handler) => maybe(inside(at(handler, "PLpgSQL_exception"), "action", reading)));
}

/** The condition of the first arm is asked always. */
function ifOf(node: unknown, reading: Reading): TriggerStep[] {
  const first = arm(textOf(at(node, "cond")), inside(node, "then_body", reading));
  const more = listOf(at(node, "elsif_list")).map((each) => {
    const part = at(each, "PLpgSQL_if_elsif");
    return arm(textOf(at(part, "cond")), inside(part, "stmts", reading));
  });
  const last = at(node, "else_body") === undefined ? [] : [arm(null, inside(node, "else_body", reading))];
  return [...namesIn(at(node, "cond"), reading), { kind: "if", arms: Object.freeze([first, ...more, ...last]) }];
}

const arm = (condition: string | null, steps: TriggerStep[]): TriggerArm =>
  Object.freeze({ condition, steps: Object.freeze(steps) });

/** Without ELSE, CASE raises an error where nothing fits. */
function caseOf(node: unknown, reading: Reading): TriggerStep[] {
  const value = textOf(at(node, "t_expr"));
  const name = `"__Case__Variable_${String(at(node, "t_varno"))}__"`;
  const arms = listOf(at(node, "case_when_list")).map((each) => {
    const part = at(each, "PLpgSQL_case_when");
    return arm(textOf(at(part, "expr")).replace(name, value), inside(part, "stmts", reading));
  });
  const other: TriggerStep[] =
    at(node, "have_else") === true ? inside(node, "else_stmts", reading) : [{ kind: "raises" }];
  return [...namesIn(at(node, "t_expr"), reading), { kind: "if", arms: Object.freeze([...arms, arm(null, other)]) }];
}

function returnOf(node: unknown): TriggerStep {
  const [variable, expression] = [at(node, "retvarno"), textOf(at(node, "expr"))];
  const isEnd = variable === undefined && at(node, "expr") === undefined;
  const what = isEnd
    ? "nothing"
    : variable === 0
      ? "new"
      : variable === 1
        ? "old"
        : /^\s*null\s*$/i.test(expression)
          ? "null"
          : "other";
  return Object.freeze({ kind: "returns", what });
}

const NAMED =
  /(?<![\w."$])(?:new|old)\s*\.\s*(?:"((?:[^"]|"")+)"|([a-z_\u0080-\uffff][\w$\u0080-\uffff]*))(?!\s*\()/giu;
const QUOTED = /'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|--.*|\/\*[\s\S]*?\*\//g;
/** NEW and OLD may be names of other things there. */
const RENAMED =
  /\b(?:as|(?<!distinct\s+)from|join|into|update)\s+(?:new|old)\b(?!\s*\.)|[\w)]\s+(?:new|old)\s+(?:on|where|join|set)\b/i;

/** The columns of NEW and OLD that the SQL of a statement names. */
function namesIn(node: unknown, { fields }: Reading): TriggerStep[] {
  const columns = new Set<string>();
  visit({ node }, "PLpgSQL_expr", (expression) => {
    const text = String(at(expression, "query") ?? "").replace(QUOTED, "''");
    if (RENAMED.test(text)) return;
    for (const [, quoted, plain] of text.matchAll(NAMED))
      columns.add(quoted?.replaceAll('""', '"') ?? plain?.toLowerCase() ?? "");
  });
  visit({ node }, "fields", (targets) => {
    for (const target of listOf(targets)) {
      const name = /^(?:new|old)\.(.*)$/s.exec(String(at(target, "name")))?.[1];
      if (name !== undefined) columns.add(name);
    }
  });
  const known = [...columns].filter((column) => fields.has(column));
  return known.length === 0 ? [] : [{ kind: "names", columns: Object.freeze(known) }];
}
