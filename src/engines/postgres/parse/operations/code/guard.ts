interface Expression {
  readonly PLpgSQL_expr?: { readonly query?: string };
}

interface Branching {
  readonly cond?: Expression;
  readonly elsif_list?: unknown;
  readonly else_body?: unknown;
}

interface Guarded {
  readonly body?: readonly unknown[];
  readonly exceptions?: {
    readonly PLpgSQL_exception_block?: {
      readonly exc_list?: readonly {
        readonly PLpgSQL_exception?: {
          readonly conditions?: readonly { readonly PLpgSQL_condition?: { readonly condname?: string } }[];
          readonly action?: readonly object[];
        };
      }[];
    };
  };
}

/** The whole of `[NOT] EXISTS (SELECT ...)` over what the server says of itself. */
const ASKS = /^\s*(?:not\s+)?exists\s*(?=\()(.*)$/is;
const CATALOGS = /\b(?:pg_[a-z_]+|information_schema\s*\.)/i;

/** The question whether something is there already, or still, that an IF without another branch depends on; null for any other. */
export function existenceAsked({ cond, elsif_list, else_body }: Branching): string | null {
  const query = cond?.PLpgSQL_expr?.query ?? "";
  const asked = ASKS.exec(query)?.[1]?.trim();
  if (asked === undefined || elsif_list !== undefined || else_body !== undefined) return null;
  return isOneBracket(asked) && CATALOGS.test(asked) ? asked : null;
}

/** Whether the bracket that a text begins with ends at its end. */
function isOneBracket(text: string): boolean {
  let depth = 0;
  const plain = text.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (quoted) => "x".repeat(quoted.length));
  for (let at = 0; at < plain.length; at++) {
    if (plain[at] === "(") depth += 1;
    if (plain[at] === ")") depth -= 1;
    if (depth === 0) return at === plain.length - 1;
  }
  return false;
}

/** What a server says that has something already, or has it no more. */
const DONE: ReadonlySet<string> = new Set(
  `duplicate_object duplicate_table duplicate_column duplicate_schema duplicate_function undefined_object undefined_table
  undefined_column undefined_function 42710 42p07 42701 42p06 42723 42704 42p01 42703 42883`.split(/\s+/),
);
const SAYS_ONLY: ReadonlySet<string> = new Set(["PLpgSQL_stmt_raise"]);

/** Whether a block of one statement goes on, with nothing done, where what it would do is done already. */
export function catchesDone({ body = [], exceptions }: Guarded): boolean {
  const handlers = (exceptions?.PLpgSQL_exception_block?.exc_list ?? []).map((one) => one.PLpgSQL_exception ?? {});
  return (
    body.length === 1 &&
    handlers.every(
      ({ conditions = [], action = [] }) =>
        conditions.every((one) => DONE.has((one.PLpgSQL_condition?.condname ?? "").toLowerCase())) &&
        action.every((step) => Object.keys(step).every((kind) => SAYS_ONLY.has(kind))),
    )
  );
}
