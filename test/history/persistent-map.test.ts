import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyMap, get, type PersistentMap, set, valuesOf, without } from "../../src/history/persistent-map.js";

const actions = fc.array(
  fc.tuple(
    fc.boolean(),
    fc.integer({ min: 0, max: 300 }).map((n) => `key ${n}`),
    fc.nat(),
  ),
  {
    maxLength: 600,
  },
);

describe("a persistent map", () => {
  it("holds what a map holds, and keeps every state that it had", () => {
    fc.assert(
      fc.property(actions, (steps) => {
        let map: PersistentMap<number> = emptyMap();
        const plain = new Map<string, number>();
        const states: [PersistentMap<number>, Map<string, number>][] = [];
        for (const [add, key, value] of steps) {
          map = add ? set(map, key, value) : without(map, key);
          if (add) plain.set(key, value);
          else plain.delete(key);
          states.push([map, new Map(plain)]);
        }
        for (const [kept, expected] of states.filter((_, i) => i % 50 === 0)) {
          expect(kept.size).toBe(expected.size);
          expect(valuesOf(kept).toSorted()).toEqual([...expected.values()].toSorted());
          for (const key of ["key 0", "key 7", "none"]) expect(get(kept, key)).toBe(expected.get(key));
        }
      }),
    );
  });

  it("is the same map without a key that it has not", () => {
    const map = set(emptyMap<number>(), "a", 1);
    expect(without(map, "b")).toBe(map);
  });

  it("holds many keys", () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `${i}`);
    const map = keys.reduce((m, key) => set(m, key, key), emptyMap<string>());
    expect(keys.every((key) => get(map, key) === key)).toBe(true);
    expect(map.size).toBe(5000);
  });
});
