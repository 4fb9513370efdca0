/** As deep as the readers here, which call themselves, go for certain. */
const DEEPEST = 600;

/** Whether a tree is nested deeper than a person writes. */
export function isDeep(tree: unknown): boolean {
  const stack: { readonly value: unknown; readonly depth: number }[] = [{ value: tree, depth: 0 }];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const { value, depth } = at;
    if (depth > DEEPEST) return true;
    if (typeof value !== "object" || value === null) continue;
    for (const child of Object.values(value)) stack.push({ value: child, depth: depth + 1 });
  }
  return false;
}
