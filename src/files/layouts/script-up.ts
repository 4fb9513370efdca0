/** The function of a script that runs on the way up. */
export interface Up {
  readonly start: number;
  /** Where the function for the way down begins, or the script ends. */
  readonly end: number;
  /** What `up` calls the connection that it is given; null where that is not plain. */
  readonly handle: string | null;
  /** Behind the handle. */
  readonly body: number;
  /** It certainly does nothing. */
  readonly empty: boolean;
}

const TYPED = String.raw`(?::\s*[\w.<>]+\s*=\s*)?`;
const HANDLE = new RegExp(
  String.raw`^up\b\s*${TYPED}[:=]?\s*(?:async\b\s*)?(?:function\b\s*\w*\s*)?\(?\s*([A-Za-z_$][\w$]*)\s*(?=[,:?)]|=>)`,
);
const EMPTY = /^[^{}]*\{\s*(?:return\s*;?\s*)?\}/;

/**
 * Finds `up`, however it is exported; null where there is none.
 *
 * @param code the script without its texts and comments
 */
export function upOf(code: string): Up | null {
  const start = code.search(/\bup\b\s*(?:=|\(|:)/);
  if (start === -1) return null;
  const down = code.search(/\bdown\b\s*(?:=|\(|:)/);
  const end = down > start ? down : code.length;
  const rest = code.slice(start, end);
  const head = HANDLE.exec(rest);
  const empty = EMPTY.test(rest);
  return { start, end, handle: head?.[1] ?? (empty ? "" : null), body: start + (head?.[0].length ?? 0), empty };
}
