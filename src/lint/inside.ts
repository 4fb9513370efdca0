import type { Rule, RuleContext } from "../../rules/rule.js";
import { calledCode } from "../engines/called-code.js";
import { isUnknownRoutine } from "../engines/table-lookup.js";
import { applyOperation } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { Code, CodeOperation } from "../model/detail/code.js";
import type { Effect } from "../model/effect.js";
import type { Operation } from "../model/operation.js";
import type { DetailOf } from "../model/operation-detail.js";
import { type Checked, checkOperation } from "./check.js";
import { type Fresh, freshAfter, isFilled, type Nobodys, type Standing, seenByOthers, standing } from "./fresh.js";
import { styleless } from "./rule-set.js";

/** What the rules say of one operation, which may stand inside of another one. */
export interface About {
  readonly operation: Operation;
  readonly checked: Checked;
}

type EffectsOf = (operation: Operation, catalog: Catalog) => Effect;

/**
 * What the rules say of an operation, and of each change of the schema inside of it where it is a DO block. A change is
 * judged as if it stood alone, but in a transaction: what to write instead is the same. Of a block whose changes are all
 * seen, fallback rules say nothing besides.
 *
 * @param fresh what the file has made before it
 * @param undone the file rolls it back
 */
export function checkWhole(
  context: RuleContext,
  rules: readonly Rule[],
  fresh: Fresh,
  effectsOf: EffectsOf,
  nobodys: Nobodys = null,
  undone = false,
): readonly About[] {
  const { operation, catalog } = context;
  const made = standing(fresh, operation, context.effect, catalog, nobodys);
  const own = checkOperation(context, rules, undone ? { ...made, isOwn: true } : made);
  const block = blockOf(operation, catalog);
  if (block === null) return [{ operation, checked: own }];
  const inside = changesInside(block, catalog, fresh, effectsOf).map((change): About => {
    const { standing, ...seen } = change;
    const { isTransaction: inTransaction } = block;
    const alone = { siblings: [seen.operation], readsFew: false, inTransaction, inBlock: true, laterOn: () => [] };
    const within = Object.freeze({ ...context, ...seen, ...alone });
    return { operation: seen.operation, checked: checkOperation(within, styleless(rules), standing) };
  });
  const seen = block.isWhole !== false && block.code.unknown.length === 0 && inside.length > 0;
  const said = seen ? own.said.filter(({ rule }) => rule.fallback !== true) : own.said;
  return [...inside, { operation, checked: { ...own, said } }];
}

/** Code that runs with the file, or soon after it. */
interface Block {
  readonly code: Code;
  readonly isTransaction: boolean;
  /** Rules look at its changes of data by themselves, or it makes them on a schedule, which is what it is for. */
  readonly leavesData: boolean;
  /** False where it is not all that the statement does. */
  readonly isWhole?: boolean;
}

function blockOf(operation: Operation, catalog: Catalog): Block | null {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "query") return calledBlock(operation, detail, catalog);
  const isBlock = detail?.kind === "opaque" && (detail.how === "do" || detail.procedure !== undefined);
  if (isBlock && detail.code !== undefined) return { code: detail.code, isTransaction: true, leavesData: true };
  // Each statement of a procedure commits by itself, unless it says otherwise (MySQL, MariaDB).
  const runs = detail?.kind === "opaque" && (detail.how === "call" || detail.how === "prepared");
  if (runs && detail.code !== undefined) return { code: detail.code, isTransaction: false, leavesData: false };
  if (detail?.kind !== "create-object" || detail.runs === undefined || detail.code === undefined) return null;
  return { code: detail.code, isTransaction: false, leavesData: detail.runs === "again" };
}

/** The routines that a query calls, as files made them, in the place of the query; null where it calls none of them. */
function calledBlock({ span }: Operation, { calls = [] }: DetailOf<"query">, catalog: Catalog): Block | null {
  const known = calls.map((name) => calledCode(catalog, name));
  const codes = known.flatMap((code) => code ?? []);
  const [first] = codes;
  if (first === undefined) return null;
  const here = (entry: CodeOperation): CodeOperation => ({ ...entry, operation: { ...entry.operation, span } });
  const operations = codes.flatMap((code) => code.operations.map(here));
  return {
    code: { ...first, operations, unknown: [] },
    isTransaction: true,
    leavesData: false,
    // Of one that no file has made another rule speaks.
    isWhole: calls.every((name, at) => known[at] !== null || isUnknownRoutine(catalog, "function", name)),
  };
}

/** Those that rules look for in a block by themselves, and those that change no schema. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "data-change",
  "query",
  "explain",
  "opaque",
  "transaction",
  "set-variables",
  "prepare-statement",
]);

/** Batches of a loop that goes on by a range, each of which commits by itself. */
function isBatch({ operation, repeated }: CodeOperation, { operations }: Code): boolean {
  const change = operation.kind === "other" && operation.detail?.kind === "data-change" ? operation.detail : null;
  const commits = operations.every((one) => one.operation.kind !== "other" || one.operation.what !== "begin");
  return repeated && commits && /[<>]|\bbetween\b/i.test(change?.where ?? "");
}

const isChange = (operation: Operation, leavesData: boolean): boolean =>
  operation.kind !== "other" ||
  operation.detail === undefined ||
  !LEFT_OUT.has(operation.detail.kind) ||
  (operation.detail.kind === "data-change" && !leavesData);

interface Change {
  readonly operation: Operation;
  readonly effect: Effect;
  readonly catalog: Catalog;
  readonly standing: Standing;
  readonly filled: boolean | null;
}

/** `PERFORM f()` and what f does, where files made it: rules that look for changes of data in a block do not see that. */
function withCalled(entry: CodeOperation, catalog: Catalog): readonly (CodeOperation & { readonly called: boolean })[] {
  const { operation, ...how } = entry;
  const own = { ...entry, called: false };
  if (operation.kind !== "other" || operation.detail?.kind !== "query") return [own];
  const within = calledBlock(operation, operation.detail, catalog)?.code.operations ?? [];
  return [own, ...within.map((one) => ({ ...one, conditional: how.conditional || one.conditional, called: true }))];
}

/** What a branch has made is new to what else stands under a condition, which is nearly always the same one. */
function changesInside(
  { code, leavesData }: Block,
  before: Catalog,
  made: Fresh,
  effectsOf: EffectsOf,
): readonly Change[] {
  const changes: Change[] = [];
  let [catalog, certain, possible] = [before, made, made];
  const all = code.operations.flatMap((entry) => withCalled(entry, before));
  for (const each of all) {
    const { operation, conditional, repeated, called } = each;
    const { defaultSchema } = catalog;
    const fresh = conditional ? possible : certain;
    if (isChange(operation, (leavesData && !called) || isBatch(each, code))) {
      const effect = seenByOthers(fresh, effectsOf(operation, catalog), operation, catalog);
      const filled = isFilled(fresh, operation, defaultSchema);
      changes.push({ operation, effect, catalog, filled, standing: standing(fresh, operation, effect, catalog) });
    }
    possible = freshAfter(possible, operation, catalog);
    if (conditional) continue;
    certain = freshAfter(certain, operation, catalog);
    if (!repeated) catalog = applyOperation(catalog, operation);
  }
  return changes;
}
