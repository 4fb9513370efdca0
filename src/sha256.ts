/**
 * SHA-256 of a text (as UTF-8) in lower-case hex.
 *
 * @example
 * sha256("").slice(0, 8) // "e3b0c442"
 */
export function sha256(text: string): string {
  // Loaded when it is needed: node takes 5 ms to load all of its cryptography, and linting needs none.
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(text, "utf8").digest("hex");
}
