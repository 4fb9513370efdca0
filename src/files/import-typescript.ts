import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createJiti } from "jiti";

/**
 * What a module in TypeScript exports. Node 20 does not read it. The alias lets it import `zmigrate` where that is not
 * installed. This file is not bundled: it finds `config/define` from where it stands.
 */
export async function importTypeScript(file: string): Promise<unknown> {
  const folder = dirname(fileURLToPath(import.meta.url));
  const define = join(folder, "..", "config", `define${extname(import.meta.url)}`);
  const jiti = createJiti(pathToFileURL(file).href, { alias: { zmigrate: define }, fsCache: false });
  return jiti.import(file);
}
