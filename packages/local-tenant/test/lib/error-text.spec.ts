import assert from "node:assert/strict";
import { errorText } from "../../src/lib/error-text.ts";

describe("a disk that fills", () => {
  it("is one line with what to do", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    assert.match(
      errorText(error),
      /^ENOSPC: no space left on device, write\. The disk is full\. Free some space[^\n]*$/,
    );
  });
});
