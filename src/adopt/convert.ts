import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { filesBelow } from "../files/layouts/below.js";
import { layoutOf } from "../files/layouts/detect.js";
import { migrationsIn } from "../files/layouts/folder.js";
import type { Layout } from "../files/layouts/layout.js";
import { placeOf } from "../files/layouts/place-of.js";
import type { Place } from "../files/place.js";
import { positionOf } from "../files/position.js";
import { migrationFile, readText } from "../files/read.js";
import { parseMigration } from "../history/load.js";
import type { Statement } from "../model/statement.js";
import { idsOf, slugOf } from "./names.js";
import type { FormerTool } from "./tool.js";
import { TOOLS } from "./tools/index.js";

/** A migration of another tool as a file of ours. */
export interface Converted {
  /** The file that it was made of. */
  readonly from: string;
  readonly version: string;
  /** `<14 digits>_<slug>.sql`. */
  readonly name: string;
  readonly text: string;
}

export interface Conversion {
  readonly tool: FormerTool;
  readonly files: readonly Converted[];
}

/**
 * Makes migrations of ours of those of another tool, in its order: what each runs on the way up, under a line that says
 * which version of the tool it is.
 *
 * @param given the tool; null: the one that the folder and its files are known by
 * @param engine loaded
 * @throws ZmigrateError unknown-tool, import-code (a migration that is code, not SQL),
 * import-placeholders, not-of-tool, syntax-error, and what
 * `migrationsIn` throws
 */
export function convert(folder: string, given: FormerTool | null, engine: Engine): Conversion {
  const layout = layoutOf(folder);
  const found = migrationsIn(folder, layout).map((path) => ({ path, place: readPlace(join(folder, path), layout) }));
  const tool = given ?? toolOf(folder, layout, found[0]?.place);
  const asCode = codeBeside(
    folder,
    layout,
    found.map(({ path }) => path),
  );
  refuseCode([...found.flatMap(({ place }) => unreadIn(place)), ...asCode]);
  const versioned = found.map(({ path, place }) => ({ path, place, version: versionOf(tool, path, folder) }));
  const ids = idsOf(versioned);
  const placeholders: { readonly place: string; readonly leaveOff: string }[] = [];
  const files = versioned.map(({ path, place, version }, at) => {
    const [id, slug] = [ids[at] ?? "", slugOf(path)];
    const { statements } = parseMigration(migrationFile(place.file, { id, slug }, place.text), engine);
    placeholders.push(...placeholdersIn(place, statements, tool));
    const text = `-- zmigrate:imported ${tool.name} ${version}\n${bodyOf(place.text)}`;
    return Object.freeze({ from: place.file, version, name: `${id}_${slug}.sql`, text });
  });
  const [first] = placeholders;
  if (first !== undefined)
    throw new ZmigrateError("import-placeholders", {
      tool: tool.label,
      places: placeholders.map(({ place }) => place),
      leaveOff: first.leaveOff,
    });
  return Object.freeze({ tool, files });
}

const readPlace = (file: string, layout: Layout | null): Place => placeOf(file, readText(file), layout);

function toolOf(folder: string, layout: Layout | null, first: Place | undefined): FormerTool {
  const label = layout?.tool ?? first?.runner?.tool;
  const tool = TOOLS.find((one) => one.label === label);
  if (tool !== undefined) return tool;
  throw new ZmigrateError("unknown-tool", { folder, found: label ?? null, tools: TOOLS.map(({ name }) => name) });
}

function versionOf(tool: FormerTool, path: string, folder: string): string {
  const version = tool.versionOf(path, folder);
  // It stands in a line of the file: what is behind a line break would be run.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for.
  if (version === null || /[\x00-\x1f\x7f\u2028\u2029]/.test(version))
    throw new ZmigrateError("not-of-tool", { file: join(folder, path), tool: tool.label });
  return version;
}

/** What could not be made SQL of. */
const unreadIn = ({ file, text, written = text, unread = [] }: Place): readonly string[] =>
  unread.map(({ span, message }) => {
    const { line, column } = positionOf(written, span.start);
    return `${file}:${line}:${column}: ${message}`;
  });

/** What a tool would replace in what it runs, so that the file does not say what was run; a comment may hold anything. */
function placeholdersIn({ file, text }: Place, statements: readonly Statement[], tool: FormerTool) {
  const placeholders = tool.placeholdersIn?.(file, text) ?? null;
  if (placeholders === null) return [];
  const { pattern, isOn, leaveOff } = placeholders;
  return statements.flatMap(({ sql, span }) =>
    [...sql.matchAll(pattern)].flatMap((found) => {
      const at = span.start + found.index;
      const { line, column } = positionOf(text, at);
      return isOn(at) ? [{ place: `${file}:${line}:${column}: ${found[0]}`, leaveOff }] : [];
    }),
  );
}

/** A migration by its name, of a tool that takes code beside SQL. */
const CODE = /^(?:\d+|[VR]\d*__).*(?<!\.d)\.(?:go|java|kt|[cm]?[jt]s|py|rb|php|cs)$/;

/** Migrations of the folder that are no files of the layout: they would be left out. */
function codeBeside(folder: string, layout: Layout | null, taken: readonly string[]): readonly string[] {
  const entries = layout?.deep === true ? filesBelow(folder) : readdirSync(folder);
  const code = entries.filter((path) => CODE.test(basename(path)) && !taken.includes(path));
  return code.toSorted().map((path) => `${join(folder, path)}: it is code`);
}

/** @throws ZmigrateError import-code */
function refuseCode(places: readonly string[]): void {
  if (places.length > 0) throw new ZmigrateError("import-code", { places });
}

/** Without the empty lines around it, where code or the way down stood. */
const bodyOf = (text: string): string => `${text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd()}\n`;
