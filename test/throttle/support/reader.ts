import { expect } from "vitest";
import { z } from "zod";
import type { Database, Reading } from "../../../src/engines/engine.js";
import type { SignalKind, Variables } from "../../../src/engines/signal.js";
import type { RelationName } from "../../../src/model/name.js";
import { watchOf } from "../../../src/throttle/watch.js";

/** A signal as a configuration has it, on a real database. */
export interface Opened {
  read(): Promise<Reading>;
  /** Asks until it reads so; not too often, as MySQL's INNODB_TRX shows nothing new to who asks each 100 ms. */
  reads(wanted: Partial<Reading>, why?: RegExp): Promise<Reading>;
  close(): Promise<void>;
}

export interface Around {
  readonly relation?: RelationName;
  readonly replicaUrls?: readonly string[];
  readonly env?: Variables;
}

/** @param given what a person writes */
export function openSignal(database: Database, kind: SignalKind, given: unknown, around: Around = {}): Opened {
  const { relation = { schema: null, name: "t" }, replicaUrls = [], env = {} } = around;
  const watch = watchOf(database, relation, { replicaUrls, env });
  const [reader, ...others] = [kind.open(kind.setting(z).parse(given), watch)].flat();
  if (reader === undefined || others.length > 0) throw new Error("these are several signals");
  const read = () => reader.read();
  return {
    read,
    async reads(wanted, why = /./) {
      let last: Reading | null = null;
      await expect
        .poll(
          async () => {
            last = await read();
            return last;
          },
          { timeout: 20_000, interval: 150 },
        )
        .toMatchObject({ ...wanted, reason: expect.stringMatching(why) });
      if (last === null) throw new Error("nothing was read");
      return last;
    },
    async close() {
      await reader.close?.();
      await watch.close();
    },
  };
}
