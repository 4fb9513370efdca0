import { readFileSync, writeFileSync } from "node:fs";

/**
 * Writes a file's new text in its old form: with the byte order mark and the line ends that it had. Lines of a file of
 * mixed line ends keep theirs as long as they are not edited.
 */
export function writeText(file: string, lfText: string): void {
  const old = new TextDecoder("utf-8", { ignoreBOM: true }).decode(readFileSync(file));
  const mark = old.startsWith("\uFEFF") ? "\uFEFF" : "";
  writeFileSync(file, mark + withLineEnds(lfText, old.slice(mark.length)));
}

function withLineEnds(lfText: string, old: string): string {
  const crlf = old.split("\r\n").length - 1;
  if (crlf === 0) return lfText;
  const lf = old.split("\n").length - 1 - crlf;
  return lf === 0 ? lfText.replaceAll("\n", "\r\n") : mixed(lfText, old);
}

/** From both ends, lines that are equal keep their line ends; what is between gets LF. */
function mixed(lfText: string, old: string): string {
  const [now, was] = [lfText.split("\n"), old.split("\n")];
  const plain = was.map((line) => line.replace(/\r$/, ""));
  let head = 0;
  while (head < now.length && now[head] === plain[head]) head++;
  let tail = 0;
  while (tail < now.length - head && tail < was.length - head && now.at(-1 - tail) === plain.at(-1 - tail)) tail++;
  return [...was.slice(0, head), ...now.slice(head, now.length - tail), ...was.slice(was.length - tail)].join("\n");
}
