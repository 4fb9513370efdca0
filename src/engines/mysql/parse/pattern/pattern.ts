/** What an atom of a pattern stands for. `mysql` and `mariadb` stand for nothing, but fit on that server only. */
export type AtomKind =
  | "any"
  | "charset"
  | "expression"
  | "mariadb"
  | "mysql"
  | "name"
  | "number"
  | "relation"
  | "string"
  | "type"
  | "user"
  | "value"
  | "variable";

/** The grammar of one statement, as `pattern` reads it. */
export type Pattern =
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "atom"; readonly atom: AtomKind; readonly capture: string | null }
  | { readonly kind: "sequence"; readonly parts: readonly Pattern[] }
  | { readonly kind: "choice"; readonly options: readonly Pattern[]; readonly capture: string | null }
  | { readonly kind: "optional"; readonly part: Pattern }
  /** One or more with commas between them. */
  | { readonly kind: "list"; readonly part: Pattern }
  /** None or more behind each other. */
  | { readonly kind: "repeat"; readonly part: Pattern };
