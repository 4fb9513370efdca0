/** SARIF takes `[text](target)` in a message for a link: SQL like `a[1](2)` must not become one. */
export const plain = (text: string): string => text.replaceAll("](", "] (");
