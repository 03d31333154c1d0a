import assert from "node:assert/strict";
import { faultText } from "../../../local/start/fault.ts";

describe("a disk that fills", () => {
  it("is one line with what to do", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    assert.match(
      faultText(error),
      /^ENOSPC: no space left on device, write\. The disk is full\. Free some space[^\n]*$/,
    );
  });
});
