import type { Run, Source } from "../source.js";

/** A statement while it is read: its text, and which tokens are its. */
export interface Reading {
  readonly source: Source;
  readonly run: Run;
}
