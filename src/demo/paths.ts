import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** The built command line beside this folder. It exists in dist/ only. */
export const CLI = join(here, "..", "cli.js");

/** The folder of the package: two floors up from src/demo, three from dist/src/demo. */
const PACKAGE = join(here, here.endsWith(join("dist", "src", "demo")) ? "../../.." : "../..");

/** The story that the demo plays. */
export const EXAMPLE = join(PACKAGE, "migrations-example", "postgres");
