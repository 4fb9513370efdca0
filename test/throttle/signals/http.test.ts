import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { postgresEngine } from "../../../src/engines/postgres/index.js";
import type { Surroundings, Watch } from "../../../src/engines/signal.js";
import { http } from "../../../src/throttle/signals/http.js";
import { startWeb, type Web } from "../support/web.js";

const around = (env: Surroundings["env"] = {}): Surroundings => ({ env, replicaUrls: [] });

let web: Web;
/** Nothing listens there any more. */
let nowhere = "";
beforeAll(async () => {
  const former = await startWeb();
  nowhere = former.url;
  await former.stop();
  web = await startWeb();
});
afterAll(() => web.stop());

/** What a person writes, read once. It looks at no database. */
async function read(given: unknown, env: Surroundings["env"] = {}) {
  const [reader] = [http.open(http.setting(z).parse(given), around(env) as Watch)].flat();
  if (reader === undefined) throw new Error("no reader");
  return reader.read();
}

describe("an answer", () => {
  it.each([200, 204, 299])("of %d lets a backfill go on", async (status) => {
    web.answers((response) => void response.writeHead(status).end());
    expect(await read(`${web.url}/ready`)).toMatchObject({ ok: true, calm: true });
    expect(web.asked.at(-1)?.line).toBe("GET /ready");
  });

  it.each([400, 404, 429, 500, 503])("of %d stops it", async (status) => {
    web.answers((response) => void response.writeHead(status).end());
    expect(await read(web.url)).toMatchObject({
      ok: false,
      calm: false,
      reason: `${new URL(web.url).host} answers ${status}`,
    });
  });

  it("that leads elsewhere stops it, and is not followed", async () => {
    web.answers((response) => void response.writeHead(302, { location: `${web.url}/elsewhere` }).end());
    const before = web.asked.length;
    expect((await read(`${web.url}/here`)).reason).toMatch(/answers 302: redirects are not followed$/);
    expect(web.asked.slice(before).map((a) => a.line)).toEqual(["GET /here"]);
  });

  it("that does not come in time stops it", async () => {
    web.answers(() => undefined);
    expect((await read({ url: web.url, timeout: "100ms" })).reason).toMatch(/gives no answer within 0\.1 s$/);
    web.answers((response) => void response.writeHead(200).write("begun"));
    expect((await read({ url: web.url, timeout: "100ms" })).reason).toMatch(/gives no answer within 0\.1 s$/);
  });

  it("without an end stops it, and is not read to one", async () => {
    let written = 0;
    web.answers((response) => {
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(65_536))) written += 65_536;
      };
      response.writeHead(200).on("drain", more);
      more();
    });
    expect((await read({ url: web.url, timeout: "30s" })).reason).toMatch(/answers with more than 4 MB$/);
    expect(written).toBeLessThan(50_000_000);
  });

  it("that is none stops it", async () => {
    expect(await read(nowhere)).toMatchObject({
      ok: false,
      reason: `${new URL(nowhere).host} cannot be asked (ECONNREFUSED)`,
    });
  });
});

describe("secrets", () => {
  const secret = (url: string) => url.replace("http://", "http://me:pass%40word@").concat("/hook/s3cret?token=t0ken");

  it("of the URL are sent, and never shown", async () => {
    web.answers((response) => void response.writeHead(500).end());
    const { reason } = await read(secret(web.url));
    expect(reason).toBe(`${new URL(web.url).host} answers 500`);
    expect(web.asked.at(-1)?.line).toBe("GET /hook/s3cret?token=t0ken");
    expect(web.asked.at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from("me:pass@word").toString("base64")}`);
    const { reason: refused } = await read(secret(nowhere));
    expect(refused).toBe(`${new URL(nowhere).host} cannot be asked (ECONNREFUSED)`);
    expect((await read({ url: secret(web.url), name: "the status page" })).reason).toBe("the status page answers 500");
  });

  it("of headers come from the environment", async () => {
    web.answers((response) => void response.writeHead(200).end());
    const given = { url: web.url, headers: { Authorization: "Bearer $STATUS_TOKEN", "X-Team": "$TEAM" } };
    await read(given, { STATUS_TOKEN: "t0ken", TEAM: "data" });
    expect(web.asked.at(-1)?.headers).toMatchObject({ authorization: "Bearer t0ken", "x-team": "data" });
    const setting = http.setting(z).parse(given);
    expect(http.problem(setting, around({ STATUS_TOKEN: "t0ken", TEAM: "data" }), postgresEngine)).toBeNull();
    expect(http.problem(setting, around({ STATUS_TOKEN: "", TEAM: "data" }), postgresEngine)).toBe(
      "its headers name STATUS_TOKEN, and the environment has no such variable",
    );
    expect(http.problem(setting, around({ STATUS_TOKEN: "a\nb", TEAM: "data" }), postgresEngine)).toMatch(
      /^the environment's STATUS_TOKEN cannot stand/,
    );
  });

  it.each([
    [{ headers: { Authorization: "Bearer abc" } }, /names no variable of the environment/],
    [{ headers: { "a b": "$A" } }, /is not a header's name/],
    [{ url: "ftp://h/" }, /is not a URL of http/],
    [{ url: "nonsense-with-s3cret" }, /is not a URL of http/],
    [{ timeout: 5 }, /./],
    [{ retries: 5 }, /./],
  ])("and what else a file may not say: %j", (part, message) => {
    const { error } = http.setting(z).safeParse({ url: "http://h/", ...part });
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain("s3cret");
    expect(error?.message).not.toContain("abc");
  });
});
