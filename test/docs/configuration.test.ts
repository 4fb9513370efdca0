import { expect, it } from "vitest";
import type { Config } from "../../src/config/define.js";
import type { SettingsFlags } from "../../src/config/given.js";
import { checkConfig } from "../../src/config/schema.js";
import { resolveSettings } from "../../src/config/settings.js";
import { blocksOf, tableOf } from "./markdown.js";

const PAGE = "docs/configuration.md";

it("shows a configuration that is one, with the defaults", async () => {
  const [json] = blocksOf(PAGE).filter((block) => block.language === "json");
  const shown = checkConfig(PAGE, JSON.parse(json?.text ?? ""));
  const { engine, migrations, maxLagMs, lockTimeoutMs, lockWaitMs, batchTargetMs, workers, ...others } =
    await resolveSettings({}, {}, "/");
  const { parkMs, soakMs, maxMismatches, maxBadRows } = others;
  expect(await resolveSettings(flagsOf(shown), {}, "/")).toMatchObject({
    ...{ engine, migrations, maxLagMs, lockTimeoutMs, lockWaitMs, batchTargetMs, workers, parkMs, soakMs },
    ...{ maxMismatches, maxBadRows },
  });
});

it("lists settings by the key, the flag and the variable that set them", async () => {
  const rows = tableOf(PAGE, "| key | flag | environment | meaning |").map((row) => row.map(uncode));
  expect(rows.length).toBeGreaterThan(10);
  for (const [key = "", flag = "", variable = ""] of rows) {
    expect(checkable(key), key).not.toThrow();
    expect(flag).toBe(FLAGS[key] ?? `--${dashed(key)}`);
    expect(variable).toBe(VARIABLES[key] ?? `ZMIGRATE_${dashed(key).toUpperCase().replaceAll("-", "_")}`);
  }
});

const uncode = (cell: string): string => cell.replaceAll("`", "");
/** Where it is not the key, in kebab case. */
const FLAGS: Readonly<Record<string, string>> = { replicaUrls: "--replica-url", environments: "--env, --only" };
const VARIABLES: Readonly<Record<string, string>> = { databaseUrl: "DATABASE_URL", environments: "ZMIGRATE_ENV" };
const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Whether the configuration knows a key: a value of the wrong type is told apart from an unknown key. */
const checkable = (key: string) => () => {
  try {
    checkConfig("x", { [key]: {} });
  } catch (error) {
    if (String(error).includes("unknown key")) throw error;
  }
};

/** The texts of a configuration as flags. */
const flagsOf = ({ lint: _, replicaUrls: __, queries: ___, ...texts }: Config): SettingsFlags =>
  Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, String(value)]));
