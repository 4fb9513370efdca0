import { isAbsolute, relative, sep } from "node:path";

/**
 * A file's name as machines want it: from the root of the report, with slashes. One outside the root stays as it was
 * named.
 *
 * @example
 * reportPath("/repo/migrations/1.sql", "/repo") // "migrations/1.sql"
 */
export function reportPath(file: string, root: string | undefined): string {
  const near = root !== undefined && isAbsolute(file) ? relative(root, file) : file;
  const inside = near === "" || near.startsWith(`..${sep}`) || isAbsolute(near) ? file : near;
  return (sep === "/" ? inside : inside.replaceAll(sep, "/")).replace(/^(?:\.\/)+/, "");
}

/** The same as a URI reference: relative, or `file://` for an absolute path. */
export function reportUri(file: string, root: string | undefined): string {
  const path = reportPath(file, root);
  const uri = path.split("/").map(encodeSegment).join("/");
  if (path.startsWith("/")) return `file://${uri}`;
  return /^[A-Za-z]%3A\//.test(uri) ? `file:///${uri}` : uri;
}

/** A file name may hold half a surrogate pair, which no URI can say. */
const encodeSegment = (segment: string): string => encodeURIComponent(segment.replace(/\p{Cs}/gu, "\uFFFD"));
