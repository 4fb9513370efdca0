/**
 * What is shown of a comment in what others run: that there is one. It may hold anything, and what programs write into theirs
 * (`route='/users/7'`) are values as well.
 */
export function hiddenComment(comment: string): string {
  if (!comment.startsWith("/*")) return `${comment.startsWith("#") ? "#" : "--"} ...`;
  return comment.endsWith("*/") ? "/* ... */" : "/* ...";
}
