import { describe, expect, it } from "vitest";
import { type PlanShadow, withShadow } from "../../src/commands/shadow.js";
import { createMysqlEngine } from "../../src/engines/mysql/index.js";
import { postgresEngine } from "../../src/engines/postgres/index.js";

const NOBODY = "mysql://ann:secret-word@127.0.0.1:1/app";
const mysql = createMysqlEngine("mysql");
const asIs = async (shadow: PlanShadow) => shadow;

describe("where plans are tried", () => {
  it("is in this process where the engine can, and nowhere where the user leaves it out", async () => {
    const own = await withShadow(postgresEngine, { shadow: true, shadowUrl: null }, true, asIs);
    expect(own).toEqual({ open: postgresEngine.openShadow, version: null });
    const nowhere = { open: null, version: null };
    expect(await withShadow(mysql, { shadow: true, shadowUrl: null }, true, asIs)).toEqual(nowhere);
    expect(await withShadow(mysql, { shadow: true, shadowUrl: NOBODY }, false, asIs)).toEqual(nowhere);
    expect(await withShadow(postgresEngine, { shadow: false, shadowUrl: null }, true, asIs)).toEqual(nowhere);
  });

  it("is no server for an engine that needs none", async () => {
    const asked = withShadow(postgresEngine, { shadow: true, shadowUrl: NOBODY }, true, asIs);
    await expect(asked).rejects.toMatchObject({
      code: "usage",
      message: "The shadow URL is for MySQL and MariaDB: postgres needs no server to try plans on.",
    });
  });

  it("is told where it cannot be reached, without its password", async () => {
    const asked = withShadow(mysql, { shadow: true, shadowUrl: NOBODY }, true, asIs);
    const error = await asked.catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "cannot-connect" });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain("secret-word");
  });
});
