import { readFileSync, writeFileSync } from "node:fs";
import { peerTable } from "./verdicts/peer-table.js";

/** `npx jiti bench/write-peers.ts`: puts the table of rules into docs/peers.md anew. */
const FILE = "docs/peers.md";
const [begin, end] = ["<!-- rules -->", "<!-- /rules -->"];
const text = readFileSync(FILE, "utf8");
const [before, after] = [text.slice(0, text.indexOf(begin)), text.slice(text.indexOf(end))];
writeFileSync(FILE, `${before}${begin}\n\n${peerTable()}\n\n${after}`);
