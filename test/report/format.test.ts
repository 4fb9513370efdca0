import { expect, it } from "vitest";
import { count, indent } from "../../src/report/format.js";

it("groups digits", () => expect(count(1_234_567.4)).toBe("1,234,567"));

it("leaves empty lines empty", () => expect(indent("a\n\nb", "  ")).toBe("  a\n\n  b"));
