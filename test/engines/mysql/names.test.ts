import { describe, expect, it } from "vitest";
import {
  generatedName,
  literal,
  quote,
  quoteBeside,
  quoteRelation,
  shortHash,
} from "../../../src/engines/mysql/names.js";

describe("names", () => {
  it("quotes every identifier", () => {
    expect(quote("a`b")).toBe("`a``b`");
    expect(quoteRelation({ schema: "s", name: "t" })).toBe("`s`.`t`");
    expect(quoteRelation({ schema: null, name: "t" })).toBe("`t`");
    expect(quoteBeside({ schema: "s", name: "t" }, "trigger")).toBe("`s`.`trigger`");
  });

  it("writes string constants that hold what they were given", () => {
    expect(literal("it's \\ \0")).toBe("'it''s \\\\ \\0'");
  });

  it("makes names of at most 64 ASCII characters that end with the hash", () => {
    const name = generatedName("zmigrate_dropped", "ü".repeat(64), "0a1b2c3d");
    expect(name).toMatch(/^zmigrate_dropped_[\x20-\x7e]*_0a1b2c3d$/);
    expect(name.length).toBe(64);
    expect(generatedName("zmigrate_dropped", "user_email", "0a1b2c3d")).toBe("zmigrate_dropped_user_email_0a1b2c3d");
  });

  it("hashes parts, not their sum", () => {
    expect(shortHash("ab", "c")).not.toBe(shortHash("a", "bc"));
    expect(shortHash("a")).toMatch(/^[0-9a-f]{8}$/);
  });
});
