import type { Code } from "../../../../model/detail/code.js";
import type { DataChange, Explain, Opaque, Query } from "../../../../model/detail/data.js";
import type { Effect, Lock } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { DEEPEST_CALL, toldCode } from "../../../called-code.js";
import { branchesCalled } from "../../../code-states.js";
import { effect } from "../../../effect.js";
import { type EffectContext, findTable } from "../../../engine.js";
import { isUnknownRoutine, knownRoutines } from "../../../table-lookup.js";
import { changesNamedTable, keepsToItself } from "../../extension-functions.js";
import { codeEffects } from "../code.js";
import { combined } from "../combine.js";
import { lock, merged } from "../locks.js";
import { isPlainFunction } from "../query-functions.js";
import { referencedTables } from "../relations.js";
import { broken, restarted, type Subject, same } from "../subject.js";
import { isAtLeast } from "../versions.js";
import { worst } from "../worst.js";

/** INSERT, UPDATE, DELETE, MERGE, COPY: the rows that they write are locked until the transaction ends. */
export function dataChangeEffect(detail: DataChange, subject: Subject): Effect {
  const { context } = subject;
  const written = detail.writes.map((r) => lock(r, "ROW EXCLUSIVE", held(detail)));
  const read = detail.reads.map((r) => lock(r, "ACCESS SHARE", "scan"));
  const keys = detail.writes.flatMap((r) => keyLocks(detail, r, context));
  return effect({
    locks: merged([...written, ...read, ...keys], same(context)),
    scan: detail.verb !== "insert" || detail.reads.length > 0,
    destroys: detail.verb === "delete",
    fails: detail.verb === "merge" && !isAtLeast(context, 15) ? "PostgreSQL 14 does not know MERGE (42601)" : null,
    replicaCost: "replay",
    assumes: (detail.calls ?? [])
      .filter((f) => !isPlainFunction(f))
      .map((f) => `what ${show(f)} does besides is not seen`),
  });
}

/** Rows that are written out are few; a query or a WHERE may find any number. */
function held({ source, verb }: DataChange): Lock["held"] {
  return verb === "insert" && source === "rows" ? "brief" : "scan";
}

/** New rows look up what they point at. */
function keyLocks(detail: DataChange, relation: RelationName, { catalog }: EffectContext): Lock[] {
  if (detail.verb === "delete" || detail.verb === "update") return [];
  const table = findTable(catalog, relation);
  return table === null ? [] : referencedTables(table, null).map((r) => lock(r, "ROW SHARE", held(detail)));
}

/** One that files have made under the same name may be meant. */
const isBuiltIn = (f: RelationName, { catalog }: EffectContext): boolean =>
  isPlainFunction(f) && (f.schema !== null || (knownRoutines(catalog, f) ?? []).length === 0);

/** SELECT; with FOR UPDATE or FOR SHARE its rows are locked until the transaction ends. */
export function queryEffect(query: Query, subject: Subject, effectsOf: EffectsOf): Effect {
  const { context, operation } = subject;
  const called = (query.calls ?? []).filter((f) => !isBuiltIn(f, context) && !isExtensions(f, context));
  if (called.length === 0) return readEffect(query);
  const depth = (context.callDepth ?? 0) + 1;
  const unknown = called.filter((f) => isUnknownRoutine(context.catalog, "function", f) || changesNamedTable(f));
  const shown = called.filter((f) => !unknown.includes(f));
  const seen = shown.map((f) => ({ f, codes: depth > DEEPEST_CALL ? null : toldCode(context.catalog, f) }));
  const unseen = seen.filter(({ codes }) => codes === null).map(({ f }) => show(f));
  if (unseen.length > 0) return unseenCall(operation, unseen.join(", "));
  const within = seen
    .flatMap(({ codes }) => codes ?? [])
    .flatMap(({ operations }, at) =>
      operations.map((one) => ({ ...one, ...branchesCalled(undefined, at, one.branch) })),
    );
  const known = codeEffects(within, { ...context, callDepth: depth }, effectsOf);
  const dynamic = seen.filter(({ codes }) => codes?.some((code) => code.unknown.length > 0) === true);
  const untold = [...unknown, ...dynamic.map(({ f }) => f)];
  const unknownCalls = untold.length === 0 ? [] : [unknownCall(operation, untold.map(show))];
  return combined([readEffect(query), ...known, ...unknownCalls], context);
}

/** `SELECT cron.schedule(...)`: it makes what is the extension's own, unless files have made a function of the name. */
const isExtensions = (name: RelationName, { catalog }: EffectContext): boolean =>
  keepsToItself(name) && knownRoutines(catalog, name) === null;

/** Of a routine whose text no file has nobody can say that it takes anything away, nor how long it takes. */
function unknownCall(operation: OtherOperation, names: readonly string[]): Effect {
  const unread = worst(operation, `what ${names.join(", ")} does is not seen`);
  return effect({ ...unread, breaks: [], destroys: false, unknownCalls: names });
}

/** What a function does whose body is not read is taken for the worst; its name is what a person can look up. */
function unseenCall(operation: OtherOperation, names: string): Effect {
  const why = `what ${names} does is not known`;
  return effect({ ...worst(operation, `what ${names} does is not seen`), breaks: [broken("both", why)] });
}

function readEffect({ reads, locks, restarts = [] }: Query): Effect {
  if (locks === null) return effect({ breaks: restarts.map(restarted) });
  const assumes = reads.length > 1 ? ["the rows of every table that is read are taken to be locked"] : [];
  return effect({ locks: reads.map((r) => lock(r, "ROW SHARE", "scan")), scan: true, assumes });
}

/** EXPLAIN only plans; with ANALYZE it does what it explains. */
export function explainEffect({ runs, of }: Explain, subject: Subject, effectsOf: EffectsOf): Effect {
  if (!runs) return effect({});
  if (of === null) return worst(subject.operation, "what is explained, and run, is not known");
  return of.kind === "query" ? queryEffect(of, subject, effectsOf) : dataChangeEffect(of, subject);
}

type EffectsOf = (operation: Code["operations"][number]["operation"], context: EffectContext) => Effect;

/** COMMIT and ROLLBACK in a block: the server refuses them where a transaction is open around it (2D000). */
const endsTransaction = (operation: Code["operations"][number]["operation"]): boolean =>
  operation.kind === "other" && operation.detail?.kind === "transaction";

/** DO, CALL and EXECUTE: all that the code does, where it can be seen; the worst where it cannot. */
export function opaqueEffect(detail: Opaque, subject: Subject, effectsOf: EffectsOf): Effect {
  const { operation, context } = subject;
  const { procedure } = detail;
  if (detail.code === undefined && procedure !== undefined && isUnknownRoutine(context.catalog, "procedure", procedure))
    return unknownCall(operation, [show(procedure)]);
  if (detail.code === undefined) return worst(operation, `what ${detail.name ?? "the block"} runs is not seen`);
  const known = codeEffects(detail.code.operations, context, effectsOf);
  const unseen = detail.code.unknown.map((u) => worst(operation, u.message));
  const commits = detail.code.operations.some((o) => endsTransaction(o.operation));
  const all = combined([...known, ...unseen], context);
  return commits ? effect({ ...all, transaction: "never" }) : all;
}
