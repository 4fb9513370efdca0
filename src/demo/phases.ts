import { rounded } from "./report.js";

/** A stopwatch for parts of the demo. */
export interface Phases {
  of<T>(name: string, work: () => Promise<T>): Promise<T>;
  end(): { readonly phases: readonly { readonly name: string; readonly seconds: number }[]; readonly seconds: number };
}

/** Starts the stopwatch; the first part, `start`, lasts until the first call of `of`. */
export function phases(): Phases {
  const began = performance.now();
  const done: { readonly name: string; readonly seconds: number }[] = [];
  const since = (from: number): number => rounded((performance.now() - from) / 1000);
  return Object.freeze({
    async of<T>(name: string, work: () => Promise<T>): Promise<T> {
      if (done.length === 0) done.push(Object.freeze({ name: "start", seconds: since(began) }));
      const from = performance.now();
      const result = await work();
      done.push(Object.freeze({ name, seconds: since(from) }));
      return result;
    },
    end: () => Object.freeze({ phases: Object.freeze([...done]), seconds: since(began) }),
  });
}
