export { loadParser } from "./library.js";
export { parsePostgres } from "./parse.js";
