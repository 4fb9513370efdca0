import { createServer, type ServerResponse } from "node:http";
import { ZmigrateError } from "../errors.js";
import { type Metrics, metricsOf } from "../report/run/metrics.js";

/** What answers `GET /metrics`, `/live` and `/ready`, and hears what the run tells. */
export interface MetricsServer extends Pick<Metrics, "emit"> {
  /** The port that it listens on. */
  readonly port: number;
  close(): Promise<void>;
}

const answer = (to: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void => {
  to.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(text);
};

async function respond(metrics: Metrics, method: string, path: string, to: ServerResponse): Promise<void> {
  if (method !== "GET" && method !== "HEAD") return answer(to, 405, "GET only\n");
  if (path === "/metrics") return answer(to, 200, await metrics.scrape(), metrics.contentType);
  // A process that answers lives; what a backfill waits for is no reason to end it.
  if (path === "/live") return answer(to, 200, "live\n");
  if (path === "/ready")
    return metrics.isReady() ? answer(to, 200, "ready\n") : answer(to, 503, "waiting for the lock\n");
  return answer(to, 404, "/metrics, /live and /ready are here\n");
}

/**
 * Serves metrics for Prometheus and health for Kubernetes, on all addresses, for as long as a run goes.
 *
 * @param port 0 takes any that is free
 * @throws ZmigrateError usage: the port is taken, or may not be had
 */
export async function serveMetrics(port: number): Promise<MetricsServer> {
  const metrics = metricsOf();
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").replace(/\?.*$/s, "");
    respond(metrics, request.method ?? "GET", path, response).catch(() => answer(response, 500, "failed\n"));
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is taken" : `cannot be had: ${error.message}`;
      failed(new ZmigrateError("usage", { reason: `--metrics-port: port ${port} ${why}.` }, { cause: error }));
    });
    server.listen(port, listening);
  });
  // A run that is done ends its process, whoever is still connected.
  server.unref();
  const address = server.address();
  return {
    emit: metrics.emit,
    port: typeof address === "object" && address !== null ? address.port : port,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
