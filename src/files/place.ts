/** A file's name and text, which give a span its place. */
export interface Place {
  readonly file: string;
  readonly text: string;
}
