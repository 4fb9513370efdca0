import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { watchLag } from "../../src/demo/replica-lag.js";
import { describePrivateServer } from "../servers/index.js";

describePrivateServer("postgres", (launch) => {
  it("sees how long a replica stood still, and fails when it cannot see", async () => {
    const server = await launch({ replica: true });
    try {
      const replicaUrl = server.replicaUrl ?? "";
      const lag = await watchLag(server.url, replicaUrl);
      await sleep(200);
      await server.pauseReplica();
      await sleep(1_000);
      await server.resumeReplica();
      await sleep(300);
      const maxLagMs = await lag.stop();
      expect(maxLagMs).toBeGreaterThan(900);
      expect(maxLagMs).toBeLessThan(5_000);
    } finally {
      await server.stop();
    }
  });

  it("does not take a replica that went away for one that keeps up", async () => {
    const server = await launch({ replica: true });
    try {
      const lag = await watchLag(server.url, server.replicaUrl ?? "");
      await server.replica?.crash();
      await sleep(300);
      await expect(lag.stop()).rejects.toThrow();
    } finally {
      await server.stop();
    }
  });
});
