import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

/** `my-rule` as the name of a constant: `myRule`. */
const camel = (id: string): string => id.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const template = (id: string): string => `import { ALL_ENGINES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "${id}",
  engines: ALL_ENGINES,
  severity: "warning",
  protects: "What would happen without it, in one sentence.",
  check({ operation, effect, engine }) {
    if (operation.kind !== "drop-column" || !effect.destroys) return null;
    return {
      message: \`What happens to whom: \${engine.quote(operation.column)}.\`,
      help: "What to do instead, with SQL that can be pasted.",
    };
  },
  bad: [{ sql: "ALTER TABLE users DROP COLUMN nickname;" }],
  good: [{ sql: "ALTER TABLE users ADD COLUMN age int;" }],
};
`;

/** The list of rules with one more line, in the order of names. */
export function withRule(index: string, id: string): string {
  const lines = index.split("\n");
  const imports = [
    ...lines.filter((l) => l.startsWith("import ")),
    `import { rule as ${camel(id)} } from "./${id}.js";`,
  ];
  const from = (line: string) => /"(.*?)(?:\.js)?"/.exec(line)?.[1] ?? "";
  const names = [...lines.filter((l) => /^ {2}\w+,$/.test(l)), `  ${camel(id)},`];
  const idOf = (line: string) => line.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [
    ...imports.toSorted((a, b) => (from(a) < from(b) ? -1 : 1)),
    "",
    ...lines.slice(
      lines.indexOf("") + 1,
      lines.findIndex((l) => /^ {2}\w+,$/.test(l)),
    ),
    ...names.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1)),
    "]);",
    "",
  ].join("\n");
}

function create(id: string, folder: URL): void {
  const file = new URL(`${id}.ts`, folder);
  if (!/^[a-z]+(-[a-z]+)+$/.test(id)) throw new Error(`"${id}" is not a rule's name: write words in kebab case.`);
  if (existsSync(file)) throw new Error(`rules/${id}.ts exists already.`);
  const index = new URL("index.ts", folder);
  writeFileSync(index, withRule(readFileSync(index, "utf8"), id));
  writeFileSync(file, template(id));
  process.stdout.write(`Wrote rules/${id}.ts and its line in rules/index.ts (${readdirSync(folder).length} files).\n`);
  process.stdout.write("Now its check and examples; then `npx vitest run test/rules` and `npm run docs`.\n");
}

const [id] = process.argv.slice(2);
if (import.meta.url === new URL(process.argv[1] ?? "", "file:").href && id !== undefined)
  create(id, new URL("../rules/", import.meta.url));
