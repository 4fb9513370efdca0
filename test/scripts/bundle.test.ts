import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const dist = fileURLToPath(new URL("../../dist/src/", import.meta.url));

test("what is packed names no path of the machine that built it", () => {
  const files = ["cli.js", ...readdirSync(join(dist, "bundle")).map((name) => join("bundle", name))];
  for (const file of files) {
    const imports = readFileSync(join(dist, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g);
    for (const [, from = ""] of imports) expect(from, file).toMatch(/^(?:\.\.?\/|node:|@?[a-z][\w-]*(?:\/|$))/);
  }
});
