import { expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Elsewhere } from "../../src/config/environments.js";
import type { Engine } from "../../src/engines/engine.js";
import { environments } from "../../src/gates/environments.js";
import type { GateContext } from "../../src/gates/gate.js";
import { suite } from "../scenarios/support/suite.js";
import { describeServers, query } from "../servers/index.js";

describeServers(["postgres"], (server) => {
  const { after } = suite();

  it("asks each database once a run, whoever asks, and leaves no session behind", async () => {
    const databases = await Promise.all(["asked_a", "asked_b"].map((name) => server.createDatabase(name)));
    for (const { drop } of databases) after(drop);
    const engine = await engineFor(server.name);
    const connected: string[] = [];
    const counting: Engine = {
      ...engine,
      connect: (url, options) => {
        connected.push(url);
        return engine.connect(url, options);
      },
    };
    const all = (): readonly Elsewhere[] => databases.map(({ name, url }) => ({ name, databaseUrl: url, problem: "" }));
    const check = (id: string, asked: readonly Elsewhere[]) =>
      environments.check({
        database: { engine: counting },
        record: { id },
        settings: { environments: asked, env: {} },
      } as unknown as GateContext);
    const run = all();
    const [one, two] = await Promise.all([check("20260101000000", run), check("20260102000000", run)]);
    expect(one).toMatchObject({ state: "closed", reason: expect.stringContaining("not expanded in ") });
    expect(two).toEqual(one);
    expect(await check("20260103000000", run)).toEqual(one);
    expect(connected.toSorted()).toEqual(databases.map(({ url }) => url).toSorted());
    await check("20260101000000", all());
    expect(connected).toHaveLength(4);
    const left =
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'zmigrate gate'";
    await expect.poll(() => query(databases[0]?.url ?? "", left)).toEqual([]);
  });
});
