import type { Phased } from "../engines/engine.js";
import type { Lock } from "../model/effect.js";
import type { Step } from "../model/step.js";

const sameLock = (a: Lock, b: Lock): boolean =>
  a.mode === b.mode && a.relation.schema === b.relation.schema && a.relation.name === b.relation.name;

function joined(exchange: Step, own: Step): Step {
  const locks = own.locks.filter((lock) => !exchange.locks.some((l) => sameLock(l, lock)));
  return {
    ...exchange,
    sql: [...exchange.sql, ...own.sql],
    undo: [...own.undo, ...exchange.undo],
    locks: [...exchange.locks, ...locks],
    final: exchange.final || own.final,
    reason: exchange.reason.endsWith(WITH_IT) ? exchange.reason : `${exchange.reason}${WITH_IT}`,
  };
}

const WITH_IT = " Whom it belongs to, who may use it and what is said of it comes in the same transaction.";

/**
 * What belongs to a thing that is exchanged, as rights on it do, goes into the transaction of the exchange: between two
 * transactions the application would find the new one without them.
 */
export function withExchange(file: readonly Phased[]): readonly Phased[] {
  const joins = file.filter((p) => p.joins !== undefined);
  if (joins.length === 0) return file;
  const withAll = (step: Step) =>
    joins
      .filter((p) => p.joins === step.id)
      .flatMap((p) => p.steps)
      .reduce(joined, step);
  return file.map((p) => (p.joins === undefined ? { ...p, steps: p.steps.map(withAll) } : { ...p, steps: [] }));
}
