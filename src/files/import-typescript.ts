import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createJiti } from "jiti";

/**
 * What a module in TypeScript exports. Node 20 does not read it. The alias lets a configuration import defineConfig
 * where zmigrate is not installed. This file is not bundled: it finds `define` beside itself.
 */
export async function importTypeScript(file: string): Promise<unknown> {
  const define = join(dirname(fileURLToPath(import.meta.url)), `define${extname(import.meta.url)}`);
  const jiti = createJiti(pathToFileURL(file).href, { alias: { zmigrate: define }, fsCache: false });
  return jiti.import(file);
}
