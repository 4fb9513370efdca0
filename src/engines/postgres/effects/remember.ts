/** How many answers are kept: as many as a large folder has different types and expressions. */
const LIMIT = 5_000;

/**
 * The same function of a text, which answers at once what it was asked before. For parsing: files say the same types,
 * defaults and conditions over and over.
 */
export function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as T;
    const answer = read(text);
    if (known.size >= LIMIT) known.clear();
    known.set(text, answer);
    return answer;
  };
}
