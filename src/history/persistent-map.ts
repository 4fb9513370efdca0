/**
 * A map that is never changed: `set` and `without` give another one that shares all but a few nodes with it, so that
 * every catalog of a long history can keep its own.
 */
export interface PersistentMap<V> {
  readonly size: number;
  readonly root: Node<V> | null;
}

type Entry<V> = readonly [key: string, value: V];
type Node<V> =
  | { readonly entries: readonly Entry<V>[] }
  | { readonly entries: null; readonly slots: readonly (Node<V> | null)[] };

const BITS = 5;
const WIDTH = 1 << BITS;
/** A leaf with more entries becomes a branch. */
const LEAF = 8;
const DEEPEST = 30;

/** The map with nothing in it. */
export function emptyMap<V>(): PersistentMap<V> {
  return { size: 0, root: null };
}

/** The value of a key, or undefined. */
export function get<V>(map: PersistentMap<V>, key: string): V | undefined {
  return map.root === null ? undefined : find(map, key, hashOf(key));
}

function find<V>(map: PersistentMap<V>, key: string, hash: number): V | undefined {
  let node = map.root;
  for (let shift = 0; node !== null && node.entries === null; shift += BITS) {
    node = node.slots[(hash >>> shift) & (WIDTH - 1)] ?? null;
  }
  return node?.entries?.find(([k]) => k === key)?.[1];
}

/** The map in which a key has this value. */
export function set<V>(map: PersistentMap<V>, key: string, value: V): PersistentMap<V> {
  const hash = hashOf(key);
  const size = find(map, key, hash) === undefined ? map.size + 1 : map.size;
  return { size, root: put(map.root, [key, value], hash, 0) };
}

/** The map without a key; the same map when it has none. */
export function without<V>(map: PersistentMap<V>, key: string): PersistentMap<V> {
  if (get(map, key) === undefined) return map;
  return { size: map.size - 1, root: take(map.root, key, hashOf(key), 0) };
}

/** All values, in no order that means anything. */
export const valuesOf = <V>(map: PersistentMap<V>): V[] => entriesOf(map).map(([, value]) => value);

/** All keys, in no order that means anything. */
export const keysOf = (map: PersistentMap<unknown>): string[] => entriesOf(map).map(([key]) => key);

/** All keys with their values, in no order that means anything. */
export function entriesOf<V>(map: PersistentMap<V>): Entry<V>[] {
  const entries: Entry<V>[] = [];
  const nodes: (Node<V> | null)[] = [map.root];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node === null) continue;
    if (node.entries === null) nodes.push(...node.slots);
    else entries.push(...node.entries);
  }
  return entries;
}

/** The map without the entries that a condition does not hold for. It takes as long as there are entries. */
export function filtered<V>(map: PersistentMap<V>, holds: (key: string, value: V) => boolean): PersistentMap<V> {
  const gone = entriesOf(map).filter(([key, value]) => !holds(key, value));
  return gone.reduce((left, [key]) => without(left, key), map);
}

/** The map with other values in the places of some; the same map where none is another. It takes as long as there are entries. */
export function mapped<V>(map: PersistentMap<V>, change: (value: V) => V): PersistentMap<V> {
  return entriesOf(map).reduce((all, [key, value]) => {
    const after = change(value);
    return after === value ? all : set(all, key, after);
  }, map);
}

/** FNV-1a. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function put<V>(node: Node<V> | null, entry: Entry<V>, hash: number, shift: number): Node<V> {
  if (node === null) return { entries: [entry] };
  if (node.entries === null) {
    const at = (hash >>> shift) & (WIDTH - 1);
    return { entries: null, slots: node.slots.with(at, put(node.slots[at] ?? null, entry, hash, shift + BITS)) };
  }
  const entries = [...node.entries.filter(([key]) => key !== entry[0]), entry];
  return entries.length > LEAF && shift <= DEEPEST ? branch(entries, shift) : { entries };
}

function branch<V>(entries: readonly Entry<V>[], shift: number): Node<V> {
  const slots: (Node<V> | null)[] = new Array(WIDTH).fill(null);
  for (const entry of entries) {
    const hash = hashOf(entry[0]);
    const at = (hash >>> shift) & (WIDTH - 1);
    slots[at] = put(slots[at] ?? null, entry, hash, shift + BITS);
  }
  return { entries: null, slots };
}

function take<V>(node: Node<V> | null, key: string, hash: number, shift: number): Node<V> | null {
  if (node === null) return null;
  if (node.entries !== null) return { entries: node.entries.filter(([k]) => k !== key) };
  const at = (hash >>> shift) & (WIDTH - 1);
  return { entries: null, slots: node.slots.with(at, take(node.slots[at] ?? null, key, hash, shift + BITS)) };
}
