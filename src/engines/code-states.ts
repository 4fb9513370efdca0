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

/**
 * What is known in front of each operation of code.
 *
 * @param before what is known in front of the code
 */
export function codeStates<E extends Pick<CodeOperation, "operation" | "conditional" | "repeated">>(
  operations: readonly E[],
  before: Catalog,
  behind: Behind,
): readonly CodeState<E>[] {
  let [surely, perhaps] = [before, before];
  return operations.map((entry) => {
    const state = { entry, surely, perhaps };
    const { operation, conditional, repeated } = entry;
    const isOne = surely === perhaps;
    perhaps = behind(perhaps, operation);
    if (!conditional && !repeated) surely = isOne ? perhaps : behind(surely, operation);
    return state;
  });
}
