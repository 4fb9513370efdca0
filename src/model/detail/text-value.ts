/** A text that is put together when it runs, as far as it can be told from how that is written (MySQL, MariaDB). */
export type TextValue =
  | { readonly kind: "text"; readonly text: string }
  /** What a user's variable has: its name in lower case, without `@`. */
  | { readonly kind: "variable"; readonly name: string }
  /** One of these: `IF(condition, 'a', 'b')`. */
  | { readonly kind: "either"; readonly of: readonly TextValue[] }
  /** One behind the other: `CONCAT('a', @b)`. */
  | { readonly kind: "joined"; readonly of: readonly TextValue[] };
