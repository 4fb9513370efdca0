import { expect, it } from "vitest";
import { serveMetrics } from "../../src/commands/metrics.js";

const get = async (port: number, path: string, method = "GET") => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
};

it("answers Prometheus and Kubernetes for as long as it is open", async () => {
  const server = await serveMetrics(0);
  expect(await get(server.port, "/metrics")).toMatchObject({
    status: 200,
    type: expect.stringContaining("text/plain"),
    text: expect.stringContaining("process_resident_memory_bytes"),
  });
  expect((await get(server.port, "/live?probe=1")).status).toBe(200);
  expect((await get(server.port, "/ready")).status).toBe(503);
  server.emit({ event: "done", migrations: 0, waiting: [] });
  expect((await get(server.port, "/ready")).status).toBe(200);
  expect((await get(server.port, "/elsewhere")).status).toBe(404);
  expect((await get(server.port, "/metrics", "POST")).status).toBe(405);
  await server.close();
  await expect(get(server.port, "/live")).rejects.toThrow();
});

it("says that a port is taken", async () => {
  const server = await serveMetrics(0);
  const error = { code: "usage", exitCode: 2, message: `--metrics-port: port ${server.port} is taken.` };
  await expect(serveMetrics(server.port)).rejects.toMatchObject(error);
  await server.close();
});
