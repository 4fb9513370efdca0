import { RULES } from "../../rules/index.js";
import { LINTERS, PEER_RULES } from "./peer-rules.js";

/** The table of docs/peers.md: a line for each rule of ours, with what others call the same thing. */
export function peerTable(): string {
  const head = ["zmigrate", ...LINTERS];
  const lines = RULES.map(({ id }) => {
    const peers = LINTERS.map((linter) => (PEER_RULES[id]?.[linter] ?? []).join(", "));
    return `| ${[`[${id}](rules/${id}.md)`, ...peers].join(" | ")} |`;
  });
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---|").join("")}`, ...lines].join("\n");
}
