import { markdownCode, markdownText } from "../lint/escape-markdown.js";

/** A table's row ends at a pipe wherever it stands, in code too, where it cannot be written in another way. */
const withoutHardCode = (text: string): string => text.replace(/`([^`]*[|\\\n][^`]*)`/g, "$1");

/** Words as a cell of a table: they show, and can neither end the cell nor do anything else. */
export const cell = (text: string): string =>
  markdownText(withoutHardCode(text)).replaceAll("\\|", "&#124;").replaceAll("\n", "");

/** A name or a statement as a cell: code, where code can hold it. */
export const codeCell = (text: string): string => (/[|\\`\n]/.test(text) ? cell(text) : markdownCode(text));
