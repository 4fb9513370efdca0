import type { ParsedSql } from "../model/statement.js";

/** What changes rights or rows, and no table. */
const SHAPELESS = /^(?:grant|revoke|insert\s+into|update|delete\s+from)\b[^'"`$\\]*$/i;

/**
 * Whether nothing that a file holds and that cannot be read changes a table: `GRANT SELECT ON t TO ${app}`, as another
 * tool fills it in. What stands in front of each place that is not understood must tell; what is quoted does not.
 */
export function leavesShapes(text: string, { statements, comments, problems }: ParsedSql): boolean {
  return problems.every(({ span }) => {
    const from = Math.max(0, ...statements.map((s) => s.span.end).filter((end) => end <= span.start));
    let unread = text.slice(from, span.start);
    for (const comment of comments) {
      if (comment.span.start >= from && comment.span.end <= span.start) unread = unread.replace(comment.text, " ");
    }
    const pieces = unread.replaceAll(/\$\{[\w:.]+\}/g, "x").split(";");
    return pieces.every((piece, at) => {
      const isEmpty = piece.trim() === "" && at < pieces.length - 1;
      return isEmpty || SHAPELESS.test(piece.trim());
    });
  });
}
