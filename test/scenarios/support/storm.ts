import { expect } from "vitest";
import type { CliRun, Project } from "./cli.js";
import type { Deploys } from "./phased.js";
import { openProxy, type ProxyServer } from "./proxy.js";

/** What befalls a command at one of the messages that it sends to the server. */
export const FAULTS = [
  "killed before it is sent",
  "killed before the answer",
  "cut off before it is sent",
  "cut off before the answer",
  "told to stop",
] as const;
export type Fault = (typeof FAULTS)[number];

/** How often a command is hit before it is left in peace. */
const MOST = 3;

/** Messages of a command that was not seen to its end yet. */
const AT_FIRST = 300;

/** How long the server may take for what it was told last, milliseconds. */
const ANSWER_MS = 30;

/** Exit codes of a command that was not killed: it went on by itself, failed, or stopped. */
const CODES: Readonly<Record<Fault, readonly (number | null)[]>> = {
  "killed before it is sent": [null],
  "killed before the answer": [null, 0],
  "cut off before it is sent": [0, 3],
  "cut off before the answer": [0, 3],
  "told to stop": [0, 130],
};

/** Deploys whose commands are hit at random messages, and run again until they work. */
export interface Storm extends Deploys {
  /** What has happened, in order: for the message of a failure. */
  readonly log: readonly string[];
  /** How often each fault has hit. */
  readonly hits: ReadonlyMap<Fault, number>;
  close(): Promise<void>;
}

/** Lets a fault happen to a run. @param send lets the message go to the server */
function hit(fault: Fault, { proxy, run, send }: { proxy: ProxyServer; run: CliRun; send: () => void }): void {
  const kill = () => run.kill("SIGKILL");
  if (fault === "killed before it is sent") kill();
  else if (fault === "cut off before it is sent") proxy.cut();
  else send();
  if (fault === "told to stop") run.kill("SIGTERM");
  if (fault === "killed before the answer") setTimeout(kill, ANSWER_MS);
  if (fault === "cut off before the answer") void proxy.loseAnswers();
}

/** Deploys in a storm. @param chance numbers from 0 to 1: the same ones make the same storm, but for the clock */
export function storm(chance: () => number): Storm {
  const log: string[] = [];
  const hits = new Map<Fault, number>();
  const lengths = new Map<string, number>();
  const proxies: ProxyServer[] = [];
  const nameOf = (args: readonly string[]) => args.filter((arg) => !arg.startsWith("r")).join(" ");

  /** Early messages are as likely as all the later ones together. */
  const moment = (length: number) =>
    1 + Math.floor(chance() < 0.5 ? chance() * length : Math.exp(chance() * Math.log(length)) - 1);

  /** @returns the fault that hit it, or null where it ended before */
  async function stormy(p: Project, args: readonly string[]): Promise<Fault | null> {
    const proxy = proxies.at(-1) as ProxyServer;
    const length = lengths.get(nameOf(args)) ?? AT_FIRST;
    const [nth, fault] = [moment(length), FAULTS[Math.floor(chance() * FAULTS.length)] as Fault];
    const run = p.start(...args);
    let isHit = false;
    proxy.at(nth, (send) => {
      isHit = true;
      hit(fault, { proxy, run, send });
    });
    const { code, stderr } = await run.result;
    proxy.at(0, () => undefined);
    log.push(`${args.join(" ")}: ${isHit ? `${fault}, at message ${nth}` : "not hit"}, exit code ${code}. ${stderr}`);
    if (!isHit) return null;
    hits.set(fault, (hits.get(fault) ?? 0) + 1);
    expect(CODES[fault], log.join("\n")).toContain(code);
    expect(stderr, log.join("\n")).not.toMatch(/please report/i);
    return code === 0 ? null : fault;
  }

  async function calm(p: Project, args: readonly string[]): Promise<void> {
    const proxy = proxies.at(-1) as ProxyServer;
    const before = proxy.sent();
    const { code, stdout, stderr } = await p.start(...args).result;
    log.push(`${args.join(" ")}: exit code ${code}. ${stderr}`);
    expect(code, `${log.join("\n")}\n${stdout.slice(-3_000)}`).toBe(0);
    lengths.set(nameOf(args), Math.max(lengths.get(nameOf(args)) ?? 0, proxy.sent() - before));
  }

  async function run(p: Project, args: readonly string[], mayStay: boolean): Promise<void> {
    // What was contracted by a run that was killed behind it is not contracted again.
    const again = args.filter((arg) => arg !== "--require-contract");
    for (let turn = 0; turn < MOST; turn += 1) {
      const fault = await stormy(p, turn === 0 ? args : again);
      if (fault === null || (mayStay && chance() < 0.5)) return;
    }
    await calm(p, again);
  }

  return {
    log,
    hits,
    async reach(url) {
      const proxy = await openProxy(url);
      proxies.push(proxy);
      return proxy.url;
    },
    run: (p, ...args) => run(p, args, false),
    begin: (p, ...args) => run(p, args, true),
    close: async () => void (await Promise.all(proxies.splice(0).map((proxy) => proxy.close()))),
  };
}
