import { afterEach, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import { readGates } from "../../src/config/gates.js";
import { connected } from "../../src/gates/connected.js";
import type { GateContext } from "../../src/gates/gate.js";
import { describeServers } from "../servers/index.js";

const EXPANDED = new Date("2026-01-02T00:00:00Z");
const SEEN = new Map([
  ["41", new Date("2026-01-01T00:00:00Z")],
  ["42", EXPANDED],
  ["43", new Date("2026-01-03T00:00:00Z")],
]);

const RELEASES = { seen: SEEN, without: new Map() };

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const opened: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  it("is closed while a session carries an earlier release, or one that no run has named", async () => {
    const db = await server.createDatabase("connected");
    opened.push(() => db.drop());
    const engine = await engineFor(server.name);
    const as = async (applicationName: string) => {
      const database = await engine.connect(db.url, { connectTimeoutMs: 5_000, applicationName });
      opened.push(() => database.close());
      const session = await database.open();
      let closing: Promise<void> | null = null;
      const close = () => (closing ??= session.close());
      opened.push(close);
      return { database, session, close };
    };
    const { database, session } = await as("zmigrate apply");
    const settings = readGates(
      "zmigrate.config.json",
      { connected: ["shop-{release}", "shop-{release}-web", "{release}-worker"] },
      {},
    );
    const check = (over: object = {}) =>
      connected.check({
        ...{ database, session, settings, releases: RELEASES, release: "44" },
        ...{ record: { id: "1", expandRelease: "42", expandedAt: EXPANDED } },
        ...{ replicaUrls: db.replicaUrl === null ? [] : [db.replicaUrl] },
        ...over,
      } as unknown as GateContext);
    const kept = await database.connectedSessions(session).catch(() => null);
    if (kept === null) {
      expect(server.name).toBe("mariadb");
      await expect(check()).rejects.toMatchObject({ code: "not-available" });
      return;
    }
    expect(await check()).toMatchObject({
      state: "unknown",
      reason: "no session is called shop-{release} or shop-{release}-web or {release}-worker",
    });
    for (const name of ["shop-42", "43-worker", "shop-43-web", "shop-44", "shop-", "other-41"]) await as(name);
    expect(await check()).toMatchObject({ state: "open" });
    // Its run came later, and its folder had not the file.
    const without = new Map([["1", { at: EXPANDED, by: new Set(["43"]) }]]);
    expect(await check({ releases: { ...RELEASES, without } })).toMatchObject({
      state: "closed",
      reason: expect.stringContaining("shop-43-web"),
    });
    const old = await as("shop-41");
    expect(await check()).toMatchObject({
      state: "closed",
      reason: "of earlier or unknown releases: shop-41 (1 session on the primary)",
    });
    await old.close();
    const strange = await as("nightly-worker");
    expect(await check()).toMatchObject({ state: "closed", reason: expect.stringContaining("nightly-worker") });
    await strange.close();
    expect(await check({ record: { expandRelease: null, expandedAt: EXPANDED } })).toMatchObject({ state: "unknown" });
    expect(await connected.check({ settings: { env: {} } } as GateContext)).toBeNull();
  }, 60_000);
});

it("wants to know once where the release stands", () => {
  for (const text of ["shop", "{release}-{release}"])
    expect(() => readGates("zmigrate.config.json", { connected: text }, {})).toThrow(/gates\.connected/);
});
