import { expect, it } from "vitest";
import type { Paint } from "../../../src/report/run/text.js";
import { statusText } from "../../../src/report/status/text.js";

const same = (text: string) => text;
const PLAIN: Paint = { bold: same, dim: same, green: same, yellow: same, red: same };

it("prints nothing of the journal that moves a terminal's cursor", () => {
  const said = statusText(
    {
      migrations: [
        {
          ...{ id: "20260101000000", name: "r\nopen  all\u001b[2J", status: "expanded", release: "1\u001b" },
          ...{ steps: [], backfill: null, gates: [], error: "e\u001b", fileProblem: null, next: "n\u001b" },
        },
      ],
    },
    PLAIN,
  );
  expect(said).toContain("20260101000000 r\uFFFDopen  all\uFFFD[2J");
  expect(said).not.toContain("\u001b");
});

it("names the rows that were passed over, and how many more there are", () => {
  const first = [{ key: "id = 7", reason: "order 7 is closed" }];
  const passedOver = [{ step: "1-update", rows: 3, first }];
  const said = statusText(
    {
      migrations: [
        {
          ...{ id: "20260101000000", name: "x", status: "contracted", release: null, passedOver },
          ...{ steps: [], backfill: null, gates: [], error: null, fileProblem: null, next: "nothing" },
        },
      ],
    },
    PLAIN,
  );
  expect(said).toContain("  passed over 3 rows by 1-update\n    id = 7: order 7 is closed\n    ... and 2 rows more\n");
});
