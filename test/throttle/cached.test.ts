import { expect, it } from "vitest";
import type { Reading, Signal } from "../../src/engines/engine.js";
import { go } from "../../src/engines/reading.js";
import { cached } from "../../src/throttle/cached.js";

/** A signal that counts how often it is asked, by a clock that is moved by hand. */
function counted(read: () => Promise<Reading> = async () => go("")) {
  const seen = { asked: 0, now: 0, closed: false };
  const signal: Signal = {
    name: "counted",
    read() {
      seen.asked += 1;
      return read();
    },
    async close() {
      seen.closed = true;
    },
  };
  return { seen, signal: cached(signal, 250, () => seen.now) };
}

it("asks again only when a reading is old", async () => {
  const { seen, signal } = counted();
  await signal.read();
  seen.now = 249;
  await signal.read();
  expect(seen.asked).toBe(1);
  seen.now = 250;
  await signal.read();
  expect(seen.asked).toBe(2);
});

it("asks once for all who ask at the same time, however long that takes", async () => {
  let answer: (reading: Reading) => void = () => undefined;
  const { seen, signal } = counted(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const [one, two] = [signal.read(), signal.read()];
  seen.now = 10_000;
  const three = signal.read();
  answer(go("told"));
  expect(await Promise.all([one, two, three])).toEqual([go("told"), go("told"), go("told")]);
  expect(seen.asked).toBe(1);
  seen.now = 10_249;
  await signal.read();
  expect(seen.asked).toBe(1);
});

it("is the signal in all else", async () => {
  const { seen, signal } = counted();
  expect(signal.name).toBe("counted");
  await signal.close();
  expect(seen.closed).toBe(true);
});
