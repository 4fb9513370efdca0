import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { rulePages } from "./rule-pages.js";

const folder = new URL("../docs/rules/", import.meta.url);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of await rulePages()) writeFileSync(new URL(name, folder), text);
