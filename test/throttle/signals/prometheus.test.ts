import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import type { Watch } from "../../../src/engines/signal.js";
import { prometheus } from "../../../src/throttle/signals/prometheus.js";
import { startWeb, type Web } from "../support/web.js";

let web: Web;
beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.stop());

const QUERY = 'max(load{job="db"}) > 0';

function open(more: object = {}) {
  const given = { url: web.url, query: QUERY, max: 0.8, ...more };
  const watch = { env: { PROM: "t0ken" }, replicaUrls: [] } as unknown as Watch;
  const [reader] = [prometheus.open(prometheus.setting(z).parse(given), watch)].flat();
  if (reader === undefined) throw new Error("no reader");
  return reader;
}

const says = (body: unknown, status = 200) =>
  web.answers(
    (response) => void response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body)),
  );
const vector = (...values: string[]) => ({
  status: "success",
  data: { resultType: "vector", result: values.map((value) => ({ metric: {}, value: [1_700_000_000, value] })) },
});

it("asks the instant query, below the path of the URL, with its headers", async () => {
  says(vector("0.5"));
  await open({ url: `${web.url}/prometheus/`, headers: { Authorization: "Bearer $PROM" } }).read();
  const { line = "", headers } = web.asked.at(-1) ?? {};
  const url = new URL(line.replace("GET ", ""), web.url);
  expect([url.pathname, url.searchParams.get("query")]).toEqual(["/prometheus/api/v1/query", QUERY]);
  expect(headers?.authorization).toBe("Bearer t0ken");
});

it("stops above its limit, and goes on at 80 % of it", async () => {
  const reader = open();
  says(vector("0.9"));
  expect(await reader.read()).toMatchObject({ ok: false, calm: false, reason: `\`${QUERY}\` is 0.9 (limit 0.8)` });
  says(vector("0.7"));
  expect(await reader.read()).toMatchObject({ ok: true, calm: false });
  says({ status: "success", data: { resultType: "scalar", result: [1_700_000_000, "0.64"] } });
  expect(await reader.read()).toMatchObject({ ok: true, calm: true });
});

it.each([
  ["no data", vector(), 200, /has no data for the query$/],
  ["several series", vector("0.1", "0.2"), 200, /has 2 series for the query: aggregate them/],
  ["no number", vector("NaN"), 200, /has no number/],
  ["an empty number", vector(""), 200, /has no number/],
  ["an infinite number", vector("+Inf"), 200, /./],
  ["a range", { status: "success", data: { resultType: "matrix", result: [] } }, 200, /no instant value$/],
  [
    "an error",
    { status: "error", errorType: "bad_data", error: "parse error" },
    400,
    /refuses the query: parse error$/,
  ],
  ["another server", "<html>", 200, /answers 200, and not as Prometheus does$/],
  ["no right", "denied", 401, /answers 401, and not as Prometheus does$/],
  ["a part of the data", { ...vector("0.1"), isPartial: true }, 200, /says that its answer is a part/],
  [
    "what it warns of",
    { ...vector("0.1"), warnings: ["partial response"] },
    200,
    /warns of its answer: partial response$/,
  ],
  ["a list", [], 200, /not as Prometheus does$/],
])("stops for %s", async (_, body, status, reason) => {
  says(body, status);
  expect(await open().read()).toMatchObject({ ok: false, calm: false, reason: expect.stringMatching(reason) });
});

it("takes a limit, and no address of something else", () => {
  for (const part of [{ max: undefined }, { max: "1" }, { query: "" }, { url: "file:///etc/passwd" }, { step: "1m" }]) {
    const { success } = prometheus.setting(z).safeParse({ url: "http://h", query: "up", max: 1, ...part });
    expect(success).toBe(false);
  }
});
