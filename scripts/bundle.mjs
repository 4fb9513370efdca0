// Puts what `zmigrate lint` loads into a few files: reading and compiling 250 small ones takes longer than linting does.
// All else stays as the compiler has written it, and is shared by its path: an error thrown in the bundle is the class
// that the other commands know.
import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const src = join(root, "dist", "src");

/** Small, in CommonJS, and needed in every run. Their licences go with them. */
const BUNDLED = ["commander", "picocolors"];

/** Modules of which there must be one, or that look for files beside themselves. */
const SHARED = /\/(?:errors|config\/load)\.js$/;

function external(id, importer) {
  // Asked for each module twice: as it is written, and by its path.
  const path = id.split(sep).join("/");
  if (importer?.endsWith(join("commands", "index.js"))) return !/\/lint\.js$/.test(path);
  if (path.startsWith(".") || id.startsWith(src)) return SHARED.test(path);
  return !BUNDLED.some((name) => id === name || path.includes(`/node_modules/${name}/`));
}

const licences = BUNDLED.map(
  (name) => `${name}:\n${readFileSync(join(root, "node_modules", name, "LICENSE"), "utf8")}`,
);
const bundle = await rolldown({ input: { cli: join(src, "cli.js") }, platform: "node", external });
await bundle.write({
  dir: src,
  format: "esm",
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  entryFileNames: "[name].js",
  chunkFileNames: "bundle/[name].js",
  postBanner: (chunk) => (chunk.isEntry ? `/*!\nHolds parts of other packages.\n\n${licences.join("\n")}*/` : ""),
});
