import { expect, it } from "vitest";
import { parse } from "yaml";
import { COMMANDS } from "../../src/commands/index.js";
import { metricsOf } from "../../src/report/run/metrics.js";
import { blocksOf, tableOf } from "./markdown.js";

const PAGE = "docs/kubernetes.md";

interface Container {
  readonly command: readonly string[];
  readonly args: readonly string[];
}

/** SIGTERM reaches it: npx would keep it to itself. */
const STARTED = ["node", "node_modules/.bin/zmigrate"];

interface Job {
  readonly kind: string;
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly Container[] } };
  };
}

it("shows a job whose flags are there", async () => {
  const [block] = blocksOf(PAGE).filter(({ language }) => language === "yaml");
  const job = parse(block?.text ?? "") as Job;
  expect(job.kind).toBe("Job");
  const args = job.spec.template.spec.containers.flatMap((c) => c.args);
  expect(job.spec.template.spec.containers.map((c) => c.command)).toEqual([STARTED]);
  expect(args[0]).toBe("apply");
  const { Command } = await import("commander");
  const apply = COMMANDS.find((c) => c.name === "apply");
  const { command } = (await apply?.load()) ?? { command: null };
  const flags = new Command("apply");
  command?.configure(flags);
  flags.exitOverride().parse(args.slice(1), { from: "user" });
  expect(flags.opts()).toMatchObject({ release: "2026-11-22", metricsPort: "9090" });
});

it("shows an init container whose flags are there", async () => {
  const [, block] = blocksOf(PAGE).filter(({ language }) => language === "yaml");
  const { initContainers } = parse(block?.text ?? "") as { initContainers: readonly Container[] };
  const args = initContainers.flatMap((c) => c.args);
  expect(initContainers.map((c) => c.command)).toEqual([STARTED]);
  expect(args[0]).toBe("wait");
  const { Command } = await import("commander");
  const wait = COMMANDS.find((c) => c.name === "wait");
  const flags = new Command("wait");
  (await wait?.load())?.command.configure(flags);
  flags.exitOverride().parse(args.slice(1), { from: "user" });
  expect(flags.opts()).toEqual({ phase: "expand", to: "20260102000000", timeout: "5m" });
});

it("lists the metrics that there are", async () => {
  const listed = tableOf(PAGE, "| metric | is |").flatMap(([names = ""]) => names.match(/zmigrate_\w+/g) ?? []);
  const found = (await metricsOf().scrape()).matchAll(/^# TYPE (zmigrate_\w+)/gm);
  expect(listed.toSorted()).toEqual([...found].map(([, name]) => name).toSorted());
});
