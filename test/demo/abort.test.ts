import { expect, it } from "vitest";
import { orAbort } from "../../src/demo/abort.js";

const never = new Promise<never>(() => undefined);

it("gives the result", async () => {
  expect(await orAbort(Promise.resolve(7), new AbortController().signal)).toBe(7);
});

it("gives the signal's reason as soon as it is aborted, before and meanwhile", async () => {
  const reason = new Error("stop");
  await expect(orAbort(never, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const waiting = orAbort(never, controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

it("lets the work fail unheard afterwards", async () => {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("late")), 5));
  await expect(orAbort(late, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  await new Promise((resolve) => setTimeout(resolve, 20));
});
