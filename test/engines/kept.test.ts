import { describe, expect, it } from "vitest";
import { kept, within } from "../../src/engines/kept.js";
import { openSession } from "../../src/engines/postgres/execute/connect.js";
import { describeServer, query } from "../servers/index.js";

describe("an answer in time", () => {
  it("is given, and one that does not come is an error that says how long it was waited for", async () => {
    expect(await within(1_000, Promise.resolve(7))).toBe(7);
    await expect(within(20, new Promise(() => undefined))).rejects.toThrow("no answer within 0.02 s");
    await expect(within(1_000, Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});

describeServer("postgres", (server) => {
  const open = () => openSession(server.url, { connectTimeoutMs: 5_000, applicationName: "test" });

  it("is one session for all who ask, until it is lost or given up; then it is a new one", async () => {
    const link = kept(open);
    const [first, same] = await Promise.all([link.session(), link.session()]);
    expect(same).toBe(first);
    await query(server.url, `SELECT pg_terminate_backend(${first.id})`);
    await expect.poll(() => first.lost.aborted).toBe(true);
    const [second, twin] = await Promise.all([link.session(), link.session()]);
    expect(second.id).not.toBe(first.id);
    expect(twin).toBe(second);
    link.drop();
    expect((await link.session()).id).not.toBe(second.id);
    await link.close();
    await expect
      .poll(() => query(server.url, `SELECT 1 FROM pg_stat_activity WHERE pid IN (${first.id}, ${second.id})`))
      .toEqual([]);
  });

  it("tries again after it could not be opened", async () => {
    let there = false;
    const link = kept(() => (there ? open() : Promise.reject(new Error("not yet"))));
    await expect(link.session()).rejects.toThrow("not yet");
    there = true;
    expect(await (await link.session()).query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await link.close();
  });

  it("is not given up while it is being opened: who asks again finds it open", async () => {
    let opened = 0;
    const slowly = async () => {
      opened += 1;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return open();
    };
    const link = kept(slowly);
    const one = () => link.ask(100, (session) => session.query("SELECT 1 AS one"));
    await expect(one()).rejects.toThrow("no answer within 0.1 s");
    await link.session();
    expect(await one()).toEqual([{ one: 1 }]);
    expect(opened).toBe(1);
    await link.close();
  });

  it("is given up where it is open and does not answer, and not for an answer that is an error", async () => {
    const link = kept(open);
    const first = (await link.session()).id;
    await expect(link.ask(5_000, (session) => session.query("SELECT nope"))).rejects.toThrow("nope");
    expect((await link.session()).id).toBe(first);
    await expect(link.ask(50, (session) => session.query("SELECT pg_sleep(1)"))).rejects.toThrow("no answer");
    expect((await link.session()).id).not.toBe(first);
    await link.close();
  });
});
