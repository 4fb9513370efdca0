/**
 * An account as it is told from others, from any way to write it; null for what is no name (`CURRENT_USER`).
 *
 * @example
 * accountOf("`Dev`@'LocalHost'") // "Dev@localhost"
 */
export function accountOf(written: string): string | null {
  const [, , user, , host = "%"] = /^\s*(['"`]?)(.*?)\1(?:@(['"`]?)(.*?)\3)?\s*$/s.exec(written) ?? [];
  if (user === undefined || /^\s*current_(?:user|role)\b/i.test(written)) return null;
  return `${user}@${host.toLowerCase()}`;
}
