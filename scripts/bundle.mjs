// Puts what the commands load into a few files in CommonJS: to find, read and compile hundreds of small modules takes longer
// than most of them do. All else stays as the compiler has written it.
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist") + sep;
const src = join(dist, "src");
const { resolve } = createRequire(import.meta.url);

/** Of many modules, or needed in every run. Their licences go with them. */
const BUNDLED = ["commander", "picocolors", "libpg-query", "kysely"];

/** Modules that look for files beside themselves, or are seldom needed and load much. */
const APART = /\/(?:config\/schema|files\/import-typescript|postgres\/trace\/embedded|commands\/demo)\.js$/;

function external(id) {
  // Asked for each module twice: as it is written, and by its path.
  const path = id.split(sep).join("/");
  if (path.startsWith(".") || id.startsWith(dist)) return APART.test(path);
  return !BUNDLED.some((name) => id === name || path.includes(`/node_modules/${name}/`));
}

/** What a run on PostgreSQL files needs, and all that it imports at once: one file. */
const FIRST = ["cli", "commands/lint", "lint/index", "engines/postgres/index", "report/lint/text"].map((name) =>
  join(src, `${name}.js`),
);
const first = new Set();

/** The parser's WebAssembly stays in its package. */
const PARSER = `require("node:path").dirname(require.resolve("libpg-query"))`;

/** Types only: at run time there is nothing in it. */
const TYPES = /__exportStar\(require\("@pgsql\/types"\), exports\);/;

/** Loaded by each run of commander, and used to start subcommands that are programs of their own: we have none. */
const LATER = [
  /require\('(?:node:)?child_process'\)/g,
  "({ spawn: (...a) => require('node:child_process').spawn(...a) })",
];

const plugin = {
  name: "zmigrate",
  transform(code, id) {
    if (id.includes("libpg-query")) return code.replace(TYPES, "").replaceAll("__dirname", `(${PARSER})`);
    if (id.includes("commander")) return code.replace(...LATER);
    return null;
  },
  buildEnd() {
    const add = (id) => {
      const info = this.getModuleInfo(id);
      if (first.has(id) || info === null || info.isExternal) return;
      first.add(id);
      for (const imported of info.importedIds) add(imported);
    };
    for (const id of [...FIRST, resolve("libpg-query")]) add(id);
  },
};

const licences = BUNDLED.map(
  (name) => `${name}:\n${readFileSync(join(root, "node_modules", name, "LICENSE"), "utf8")}`,
);

/** Where modules that stay apart are imported from: what is compiled in `src/start.cts` cannot do it. */
const IMPORT = "module.exports = (id) => import(id);\n";

/** Of one byte each, so that it is read faster, and named by its content: `src/start.cts` keeps compiled code by it. */
function finished(code) {
  const text = code.replaceAll(/\bimport\((?=[`(])/g, 'require("./native-import.cjs")(');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all that is not ASCII.
  const ascii = text.replaceAll(/[^\x00-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `/*${createHash("sha256").update(ascii).digest("hex")}*/${ascii}`;
}

for (const old of ["bundle", "cache"]) rmSync(join(src, old), { recursive: true, force: true });
const bundle = await rolldown({
  input: { main: join(src, "cli.js") },
  platform: "node",
  external,
  plugins: [plugin],
  // What other files of the bundle take from the first one stands in it too.
  preserveEntrySignatures: "allow-extension",
  // That a command imports what another one has at once is right: one file holds both.
  checks: { ineffectiveDynamicImport: false },
});
const { output } = await bundle.write({
  dir: src,
  format: "cjs",
  minify: true,
  entryFileNames: "bundle/[name].cjs",
  chunkFileNames: "bundle/[name].cjs",
  codeSplitting: { groups: [{ name: "first", test: (id) => first.has(id) }] },
  postBanner: ({ isEntry }) => (isEntry ? `/*!\nHolds parts of other packages.\n\n${licences.join("\n")}*/` : ""),
});

const build = createHash("sha256");
for (const { fileName } of output) {
  const file = join(src, fileName);
  const text = finished(readFileSync(file, "utf8"));
  build.update(text);
  writeFileSync(file, text);
}
// What a run keeps is for the same program alone.
writeFileSync(join(src, "bundle", "build"), build.digest("hex"));
writeFileSync(join(src, "bundle", "native-import.cjs"), IMPORT);
writeFileSync(join(src, "cli.js"), '#!/usr/bin/env node\nimport "./start.cjs";\n');
