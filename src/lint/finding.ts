import type { Place } from "../files/place.js";
import { positionOf } from "../files/position.js";
import type { Finding, Severity } from "../model/finding.js";
import type { Span } from "../model/span.js";
import { type InputRuleId, inputHelp, inputSeverity } from "./input-rules.js";

type Said = Pick<Finding, "rule" | "message" | "help" | "operation"> & { readonly severity: Severity };

/** A finding at its place. */
export function findingAt(place: Place, span: Span, said: Said): Finding {
  const start = positionOf(place.text, span.start);
  const end = positionOf(place.text, span.end);
  return Object.freeze({ ...said, file: place.file, span, start, end });
}

/** A finding about the file itself: it is about no operation. */
export function inputFinding(place: Place, span: Span, rule: InputRuleId, message: string, help?: string): Finding {
  return findingAt(place, span, {
    rule,
    severity: inputSeverity(rule),
    message,
    help: help ?? inputHelp(rule),
    operation: "none",
  });
}
