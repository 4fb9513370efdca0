import { expect, it } from "vitest";
import type { Database } from "../../src/engines/engine.js";
import { classify, describe } from "../../src/engines/postgres/execute/errors.js";
import { go, stop } from "../../src/engines/reading.js";
import { type Reader, Unseen } from "../../src/engines/signal.js";
import { guarded } from "../../src/throttle/guarded.js";

/** How errors are read is all that is asked of the database. */
const database = { classify, describe } as unknown as Database;

const failing = (error: unknown): Reader => ({ read: () => Promise.reject(error) });
const denied = Object.assign(new Error("permission denied for view v"), { code: "42501" });

/** Of a signal that nobody asked for; what is left out is in `said`. */
function byDefault(reader: Reader) {
  const said: string[] = [];
  return { said, signal: guarded(reader, { name: "slots", database, leaveOut: (why) => said.push(why) }) };
}

it.each([
  [new Unseen("the role app may not see others", "GRANT pg_monitor TO app lets it"), /others; GRANT pg_monitor TO app/],
  [denied, /permission denied for view v/],
])("leaves out, and says once, what nobody asked for and this role may not read", async (error, why) => {
  const { said, signal } = byDefault(failing(error));
  expect(await signal.read()).toMatchObject({ ok: true, calm: true });
  expect(await signal.read()).toMatchObject({ ok: true, calm: true });
  expect(said).toEqual([expect.stringMatching(why)]);
});

it("stops for all else that cannot be read, whoever asked for it", async () => {
  const { said, signal } = byDefault(failing(new Error("no answer within 3 s (timeout)")));
  const reading = { ok: false, calm: false, reason: "throttle.slots: cannot be read: no answer within 3 s (timeout)" };
  expect(await signal.read()).toMatchObject(reading);
  expect(await signal.read()).toMatchObject(reading);
  expect(said).toEqual([]);
});

it("stops for what was asked for and may not be read, with the way out", async () => {
  const unseen = new Unseen("the role app may not see others", "GRANT pg_monitor TO app lets it");
  const signal = guarded(failing(unseen), { name: "xminAge", database, leaveOut: null });
  expect(await signal.read()).toMatchObject({
    ok: false,
    reason: "throttle.xminAge: cannot be read: the role app may not see others; GRANT pg_monitor TO app lets it",
  });
});

it("says which setting stops, and closes what it guards", async () => {
  let closed = false;
  const readings = [stop("too much"), go("fine")];
  const reader: Reader = {
    read: async () => readings.shift() ?? go(""),
    async close() {
      closed = true;
    },
  };
  const { signal } = byDefault(reader);
  expect((await signal.read()).reason).toBe("throttle.slots: too much");
  expect((await signal.read()).reason).toBe("fine");
  await signal.close();
  expect(closed).toBe(true);
});
