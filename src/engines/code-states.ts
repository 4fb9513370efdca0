import type { Catalog } from "../model/catalog.js";
import type { CodeOperation } from "../model/detail/code.js";
import type { Operation } from "../model/operation.js";

/** The schema behind an operation. */
export type Behind = (catalog: Catalog, operation: Operation) => Catalog;

/** What is known in front of an operation of code. */
export interface CodeState<E> {
  readonly entry: E;
  /** Where of what stands in front of it nothing has run but what runs for certain, and once. */
  readonly surely: Catalog;
  /** Where all of it has run, under whatever condition; the same one where there is no condition. */
  readonly perhaps: Catalog;
}

/** A branch, and what is known in it where nothing has run but what runs for certain when it is taken. */
interface Branch {
  readonly id: number | null;
  surely: Catalog;
}

/**
 * What is known in front of each operation of code: in a branch, behind what stands in front of it there.
 *
 * @param before what is known in front of the code
 */
export function codeStates<E extends Pick<CodeOperation, "operation" | "conditional" | "repeated" | "branch">>(
  operations: readonly E[],
  before: Catalog,
  behind: Behind,
): readonly CodeState<E>[] {
  const branches: Branch[] = [{ id: null, surely: before }];
  let perhaps = before;
  return operations.map((entry) => {
    const { operation, conditional, repeated, branch = [] } = entry;
    const inner = entered(branches, branch);
    const state = { entry, surely: inner.surely, perhaps };
    const isOne = inner.surely === perhaps;
    perhaps = behind(perhaps, operation);
    if (branch.length > 0 || !(repeated || conditional))
      inner.surely = isOne ? perhaps : behind(inner.surely, operation);
    return state;
  });
}

/** Leaves the branches that an operation does not stand in, and enters those that it does; the innermost. */
function entered(open: Branch[], ids: readonly number[]): Branch {
  const same = ids.findIndex((id, at) => open[at + 1]?.id !== id);
  open.length = Math.min(open.length, 1 + (same < 0 ? ids.length : same));
  for (const id of ids.slice(open.length - 1)) open.push({ id, surely: (open.at(-1) as Branch).surely });
  return open.at(-1) as Branch;
}

/**
 * The branches of what code does that is called: those of the call, and its own, which are no others' of the same numbers.
 *
 * @param call what tells the call from others beside it, from 0
 */
export function branchesCalled(
  outer: CodeOperation["branch"],
  call: number,
  inner: CodeOperation["branch"],
): Pick<CodeOperation, "branch"> {
  const branch = [...(outer ?? []), ...(inner === undefined ? [] : [-1 - call, ...inner])];
  return branch.length === 0 ? {} : { branch };
}

/** The places in front of what is called where the code may have ended: its own are not told from those of the call. */
export function exitsCalled(
  outer: Pick<CodeOperation, "exits">,
  inner: Pick<CodeOperation, "exits">,
): Pick<CodeOperation, "exits"> {
  if (inner.exits !== undefined) return { exits: null };
  return outer.exits === undefined ? {} : { exits: outer.exits };
}

type Where = Pick<CodeOperation, "conditional" | "branch" | "exits">;

/** Whether what stands behind an operation of code runs as soon as that has, in the same turn of the same loops. */
export function runsBehind(later: Where, { branch = [], exits }: Where): boolean {
  const own = later.branch ?? [];
  const isInside = own.every((id, at) => branch[at] === id) && (own.length > 0 || !later.conditional);
  return isInside && later.exits !== null && later.exits === exits;
}
