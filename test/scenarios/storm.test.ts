import { expect, it } from "vitest";
import { describeServers } from "../servers/index.js";
import { CHANGES, type NamedChange } from "./changes/index.js";
import { fixedChance } from "./support/chance.js";
import { back, forward } from "./support/phased.js";
import { storm } from "./support/storm.js";
import { suite } from "./support/suite.js";

/** `npm run chaos -- --minutes N --seed S` says both; a run of all tests takes a few that are always the same. */
const { ZMIGRATE_CHAOS_MINUTES: minutes, ZMIGRATE_CHAOS_SEED: seed = "1" } = process.env;
const IN_CI = { postgres: 2, mysql: 1, mariadb: 1 };
const HOUR = 60;

const shuffled = <T>(of: readonly T[], chance: () => number): T[] =>
  of
    .map((item) => ({ item, at: chance() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const s = suite();
  const changes = CHANGES.filter(({ engines }) => engines.includes(server.name));

  /** One change, there and back or to its end, with whatever befalls its commands. */
  async function weather(change: NamedChange, isBack: boolean, seed: number): Promise<number> {
    const deploys = storm(fixedChance(seed));
    s.after(deploys.close);
    const asked = change.of(server.name);
    try {
      if (isBack) await back(server, s, asked, change.before, deploys);
      else await forward(server, s, asked, deploys);
    } catch (error) {
      const which = `${change.name} on ${server.name}, ${isBack ? "back" : "forward"}, seed ${seed}`;
      throw new Error([which, ...deploys.log, String(error)].join("\n"), { cause: error });
    }
    return [...deploys.hits.values()].reduce((sum, n) => sum + n, 0);
  }

  it(
    "ends where plain SQL ends, or where it began, whatever befalls its commands",
    async () => {
      const chance = fixedChance(Number(seed) + server.name.length);
      const until = performance.now() + Number(minutes ?? 0) * 60_000;
      let [faults, runs] = [0, 0];
      do {
        for (const change of shuffled(changes, chance)) {
          if (minutes === undefined ? runs >= IN_CI[server.name] : performance.now() > until) break;
          faults += await weather(change, chance() < 0.5, Math.floor(chance() * 2 ** 31));
          runs += 1;
          if (minutes !== undefined)
            process.stderr.write(`${server.name}: ${runs} runs, ${faults} faults, all converged\n`);
        }
      } while (minutes !== undefined && performance.now() < until);
      expect(faults).toBeGreaterThan(0);
    },
    24 * HOUR * 60_000,
  );
});
