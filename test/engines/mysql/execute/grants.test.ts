import { describe, expect, it } from "vitest";
import { rightsOf } from "../../../../src/engines/mysql/execute/grants.js";

describe("rights", () => {
  const rights = rightsOf([
    "GRANT SUPER, RELOAD ON *.* TO `u`@`%`",
    "GRANT SELECT, INSERT ON `my\\_app%`.* TO `u`@`%`",
    "GRANT ALL PRIVILEGES ON `all`.* TO `u`@`%` WITH GRANT OPTION",
    "GRANT ALTER, SELECT (`a`, `b`), CREATE ON `s`.`t``1` TO `u`@`%`",
    "REVOKE INSERT ON `my_app2`.* FROM `u`@`%`",
    "GRANT `role`@`%` TO `u`@`%`",
  ]);

  it("cover the server, a schema by its pattern, or one table", () => {
    expect(rights.has("SUPER")).toBe(true);
    expect(rights.has("RELOAD", "any", "t")).toBe(true);
    expect(rights.has("SELECT", "my_app1", "t")).toBe(true);
    expect(rights.has("SELECT", "myxapp1", "t")).toBe(false);
    expect(rights.has("ALTER", "s", "t`1")).toBe(true);
    expect(rights.has("ALTER", "s", "other")).toBe(false);
    expect(rights.has("ALTER", "s")).toBe(false);
  });

  it("are all with ALL PRIVILEGES, and none on what is not named", () => {
    expect(rights.has("TRIGGER", "all", "t")).toBe(true);
    expect(rights.has("TRIGGER", "my_app1", "t")).toBe(false);
    expect(rights.has("TRIGGER")).toBe(false);
  });

  it("to hand on are no part of ALL PRIVILEGES", () => {
    expect(rights.has("GRANT OPTION", "all", "t")).toBe(true);
    expect(rightsOf(["GRANT ALL PRIVILEGES ON `all`.* TO `u`@`%`"]).has("GRANT OPTION", "all", "t")).toBe(false);
  });

  it("do not count for a table when they are for some columns only, nor where they are revoked", () => {
    expect(rights.has("SELECT", "s", "t`1")).toBe(false);
    expect(rights.has("CREATE", "s", "t`1")).toBe(true);
    expect(rights.has("INSERT", "my_app2", "t")).toBe(false);
  });
});
