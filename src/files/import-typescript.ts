import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createJiti } from "jiti";

/**
 * Node 20 does not read TypeScript. The alias lets a file import `zmigrate` where that is not installed. This file is not
 * bundled: it finds `config/define` from where it stands.
 */
function jitiAt(file: string) {
  const folder = dirname(fileURLToPath(import.meta.url));
  const define = join(folder, "..", "config", `define${extname(import.meta.url)}`);
  return createJiti(pathToFileURL(file).href, { alias: { zmigrate: define }, fsCache: false });
}

/** What a module in TypeScript exports. */
export const importTypeScript = async (file: string): Promise<unknown> => jitiAt(file).import(file);

/** What such a text exports, as if it stood in the file: whatever stands there by now, or stood there before. */
export const evaluateTypeScript = async (file: string, text: string): Promise<unknown> =>
  jitiAt(file).evalModule(text, { filename: file, async: true });
