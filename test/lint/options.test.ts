import { expect, test } from "vitest";
import { resolveSettings } from "../../src/config/settings.js";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { lintOptions } from "../../src/lint/options.js";

test("the version is the oldest supported unless one is named", async () => {
  const settings = await resolveSettings({}, {}, "/");
  expect(lintOptions(settings, postgresEngine).version).toBe(postgresEngine.oldestVersion);
  const named = await resolveSettings({ serverVersion: "17" }, {}, "/");
  expect(lintOptions(named, postgresEngine).version.parts).toEqual([17]);
});

test("a configured rule that does not exist is refused", async () => {
  const settings = { ...(await resolveSettings({}, {}, "/")), lint: { rules: { "renaming-colum": "off" as const } } };
  expect(() => lintOptions(settings, postgresEngine)).toThrow(
    expect.objectContaining({
      code: "bad-config",
      message: expect.stringContaining('did you mean "renaming-column"?'),
    }),
  );
});
