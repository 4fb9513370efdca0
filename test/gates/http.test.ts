import { afterAll, beforeAll, expect, it } from "vitest";
import { readGates } from "../../src/config/gates.js";
import type { GateContext } from "../../src/gates/gate.js";
import { http } from "../../src/gates/http.js";
import { startWeb, type Web } from "../throttle/support/web.js";

let web: Web;
beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.stop());

const check = (given: object | string, env = { TOKEN: "s3cret" }) => {
  const settings = readGates("zmigrate.config.json", { http: given } as Parameters<typeof readGates>[1], env);
  return http.check({ settings } as unknown as GateContext);
};

const says = (status: number, body: unknown = "") =>
  web.answers(
    (response) => void response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body)),
  );

it("is open for an answer of 2xx alone", async () => {
  says(204);
  expect(await check(`${web.url}/ready`)).toMatchObject({
    state: "open",
    reason: expect.stringMatching(/ answers 204$/),
  });
  says(503, "no");
  expect(await check(`${web.url}/ready`)).toMatchObject({
    state: "closed",
    reason: expect.stringMatching(/ answers 503$/),
  });
  says(302);
  expect(await check(`${web.url}/ready`)).toMatchObject({ state: "unknown" });
});

it("holds a field of the answer to a value", async () => {
  const analysis = { url: web.url, name: "canary", field: "status.steps.0.phase", is: "Successful" };
  for (const [body, state] of [
    [{ status: { steps: [{ phase: "Successful" }] } }, "open"],
    [{ status: { steps: [{ phase: "Running" }] } }, "closed"],
    [{ status: {} }, "unknown"],
    [{ status: { steps: [{ phase: {} }] } }, "unknown"],
    ["<html>", "unknown"],
  ] as const) {
    says(200, body);
    expect((await check(analysis))?.state, JSON.stringify(body)).toBe(state);
  }
  says(200, { status: { steps: [{ phase: "Running" }] } });
  expect(await check(analysis)).toMatchObject({
    reason: 'canary says status.steps.0.phase is "Running"',
    evidence: { checks: [{ state: "closed", name: "canary", status: 200, value: "Running" }] },
  });
});

it("waits for all, and tells what does not answer first", async () => {
  says(200);
  const all = await check([web.url, { url: "http://127.0.0.1:1/", name: "gone" }]);
  expect(all).toMatchObject({
    state: "unknown",
    reason: expect.stringMatching(/^gone cannot be asked.*; 127.0.0.1:\d+ answers 200$/),
  });
  web.answers(() => undefined);
  expect((await check({ url: web.url, timeout: "50ms" }))?.reason).toContain("gives no answer within 0.05 s");
});

it("says nothing of what is secret, and sends it", async () => {
  says(500, "s3cret p4ss");
  const given = { url: web.url.replace("//", "//me:p4ss@").concat("/x?key=s3cret"), headers: { "X-Token": "$TOKEN" } };
  const said = JSON.stringify(await check(given));
  expect(web.asked.at(-1)?.headers).toMatchObject({
    "x-token": "s3cret",
    authorization: expect.stringContaining("Basic"),
  });
  expect(said).not.toMatch(/s3cret|p4ss|key=/);
  expect(await check(given, { TOKEN: "" })).toMatchObject({
    state: "unknown",
    reason: expect.stringContaining("no such variable"),
  });
  expect(() => check({ url: "ftp://s3cret" })).toThrow(expect.objectContaining({ code: "bad-config" }));
  expect(() => check({ url: web.url, expect: 1 })).toThrow(/unknown key "gates.http.expect"/);
});

it("asks once for all migrations of a run", async () => {
  says(200);
  const settings = readGates("zmigrate.config.json", { http: web.url } as Parameters<typeof readGates>[1], {});
  const before = web.asked.length;
  const both = await Promise.all([1, 2].map(() => http.check({ settings } as unknown as GateContext)));
  expect(await http.check({ settings } as unknown as GateContext)).toEqual(both[0]);
  expect(web.asked.length - before).toBe(1);
});

it("says nothing where nobody has asked for it", async () => {
  expect(await http.check({ settings: { env: {} } } as unknown as GateContext)).toBeNull();
});
