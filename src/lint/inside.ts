import type { Rule, RuleContext } from "../../rules/rule.js";
import { toldCode } from "../engines/called-code.js";
import { branchesCalled, codeStates, exitsCalled, runsBehind } from "../engines/code-states.js";
import { isUnknownRoutine } from "../engines/table-lookup.js";
import { placed } from "../history/in-path.js";
import { tryOperation } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { Code, CodeOperation } from "../model/detail/code.js";
import type { Effect } from "../model/effect.js";
import type { Operation } from "../model/operation.js";
import type { DetailOf } from "../model/operation-detail.js";
import { type Checked, checkOperation, type Said, withAssumed } from "./check.js";
import { type Fresh, freshAfter, isFilled, type Nobodys, seenByOthers, standing } from "./fresh.js";
import { isAbout } from "./made-again.js";
import { styleless } from "./rule-set.js";
import { endsTransaction } from "./session-transaction.js";

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
 * @param asNew what it may be the first to make is taken to be new
 */
export function checkWhole(
  context: RuleContext,
  rules: readonly Rule[],
  fresh: Fresh,
  effectsOf: EffectsOf,
  nobodys: Nobodys = null,
  undone = false,
  asNew = false,
): readonly About[] {
  const { operation, catalog } = context;
  const made = standing(fresh, operation, context.effect, catalog, nobodys);
  const own = checkOperation(context, rules, undone ? { ...made, isOwn: true } : made);
  const block = blockOf(operation, catalog);
  if (block === null) return [{ operation, checked: own }];
  const asked = styleless(rules);
  const inside = changesInside(block, catalog, fresh, asNew).map(
    ({ operation, surely, perhaps, isConditional, fresh, behind }): About => {
      const { isTransaction: inTransaction } = block;
      const alone = {
        siblings: [operation],
        readsFew: false,
        inTransaction,
        inBlock: true,
        laterOn: (name: string) => laterIn(block, behind(), name, context),
        atEnd: () => null,
      };
      const judged = (catalog: Catalog): Checked => {
        const effect = seenByOthers(fresh, effectsOf(operation, catalog), operation, catalog);
        const filled = isFilled(fresh, operation, catalog.defaultSchema);
        const within = Object.freeze({ ...context, operation, effect, catalog, filled, ...alone });
        return checkOperation(within, asked, standing(fresh, operation, effect, catalog));
      };
      return { operation, checked: judgedBoth(judged, surely, perhaps, isConditional) };
    },
  );
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
  const known = calls.map((name) => toldCode(catalog, name));
  const codes = known.flatMap((code) => code ?? []);
  const [first] = codes;
  if (first === undefined) return null;
  const here = (entry: CodeOperation): CodeOperation => ({ ...entry, operation: { ...entry.operation, span } });
  const operations = codes.flatMap((code, at) =>
    code.operations.map((one) => here({ ...one, ...branchesCalled(undefined, at, one.branch) })),
  );
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

const ASSUMED = {
  surely: "what a condition or a loop may run in front of it has not run",
  perhaps: "what a condition or a loop may run in front of it has run",
} as const;

/**
 * What is said where it counts whether something in front of it has run: what stands under a condition is judged as if what else does
 * so has, nearly always the same one.
 */
function judgedBoth(
  judged: (catalog: Catalog) => Checked,
  surely: Catalog,
  perhaps: Catalog,
  isConditional: boolean,
): Checked {
  if (surely === perhaps) return judged(surely);
  const first = judged(isConditional ? perhaps : surely);
  if (first.said.length === 0 && !isConditional) return first;
  const other = judged(isConditional ? surely : perhaps);
  const [how, otherwise] = isConditional ? (["perhaps", "surely"] as const) : (["surely", "perhaps"] as const);
  const same = ({ rule, verdict }: Said) =>
    other.said.some((one) => one.rule === rule && one.verdict.message === verdict.message);
  const said = first.said.map((one) => (same(one) ? one : assuming(one, how)));
  const more = isConditional ? other.said.filter(({ rule }) => !first.said.some((one) => one.rule === rule)) : [];
  return { said: [...said, ...more.map((one) => assuming(one, otherwise))], broken: first.broken };
}

function assuming({ rule, verdict }: Said, how: keyof typeof ASSUMED): Said {
  return { rule, verdict: { ...verdict, message: withAssumed(verdict.message, [ASSUMED[how]]) } };
}

interface Change {
  readonly operation: Operation;
  readonly surely: Catalog;
  readonly perhaps: Catalog;
  readonly isConditional: boolean;
  /** What is new in front of it. */
  readonly fresh: Fresh;
  /** What runs behind it for certain. */
  readonly behind: () => readonly Operation[];
}

/** What the transaction of a block makes of a name behind one of its operations: in the block, and behind it. */
function laterIn(
  { isTransaction }: Block,
  behind: readonly Operation[],
  name: string,
  { laterOn }: RuleContext,
): readonly Operation[] {
  if (!isTransaction) return [];
  const end = behind.findIndex(endsTransaction);
  const own = (end < 0 ? behind : behind.slice(0, end)).filter((later) => isAbout(later, name));
  return end < 0 ? [...own, ...laterOn(name)] : own;
}

/** `PERFORM f()` and what f does, where files made it: rules that look for changes of data in a block do not see that. */
function withCalled(entry: CodeOperation, catalog: Catalog): readonly (CodeOperation & { readonly called: boolean })[] {
  const { operation, ...how } = entry;
  const own = { ...entry, called: false };
  if (operation.kind !== "other" || operation.detail?.kind !== "query") return [own];
  const block = calledBlock(operation, operation.detail, catalog);
  if (block === null) return [own];
  const within = block.code.operations.map((one) => ({
    ...one,
    conditional: how.conditional || one.conditional,
    repeated: how.repeated || one.repeated,
    ...branchesCalled(how.branch, operation.span.start, one.branch),
    ...exitsCalled(how, one),
    called: true,
  }));
  return block.isWhole === false ? [own, ...within] : within;
}

/** What a branch has made is new to what else stands under a condition, which is nearly always the same one. */
function changesInside({ code, leavesData }: Block, before: Catalog, made: Fresh, asNew: boolean): readonly Change[] {
  const changes: Change[] = [];
  let [certain, possible] = [made, made];
  const all = code.operations
    .flatMap((entry) => withCalled(entry, before))
    .map((entry) => ({ ...entry, operation: placed(before, entry.operation) }));
  for (const [at, { entry, surely, perhaps }] of codeStates(all, before, tryOperation).entries()) {
    const { operation, conditional, called } = entry;
    const fresh = conditional ? possible : certain;
    const behind = () => all.slice(at + 1).flatMap((later) => (runsBehind(later, entry) ? later.operation : []));
    if (isChange(operation, (leavesData && !called) || isBatch(entry, code)))
      changes.push({ operation, surely, perhaps, isConditional: conditional, fresh, behind });
    possible = freshAfter(possible, operation, surely, asNew);
    if (!conditional) certain = freshAfter(certain, operation, surely, asNew);
  }
  return changes;
}
