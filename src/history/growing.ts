import type { Known } from "./known.js";

/**
 * The lists that may grow where they stand, because whoever asked for it looks at no earlier catalog any more: thousands
 * of partitions of one table would otherwise be thousands of copies. A list that nobody has copied yet is copied once.
 */
export type Growing = WeakSet<readonly unknown[]>;

/** What a table has of one kind, with more behind it. */
export function appended<T>({ growing }: Pick<Known, "growing">, list: readonly T[], more: readonly T[]): readonly T[] {
  if (more.length === 0) return list;
  if (growing?.has(list) === true) {
    const own = list as T[];
    for (const one of more) own.push(one);
    return own;
  }
  const longer = [...list, ...more];
  growing?.add(longer);
  return longer;
}
