import assert from "node:assert/strict";
import { UpdateProgress } from "../../../local/start/progress.ts";

type Event = Parameters<UpdateProgress["observe"]>[0];

function done(op: string, type = "auth0:index/client:Client", planning = false): Event {
  // SAFETY: the fields that are looked at.
  return { resOutputsEvent: { metadata: { op, type }, planning } } as unknown as Event;
}

describe("an update that was stopped in the middle", () => {
  it("says in one line what was done, and that the next start carries on", () => {
    const progress = new UpdateProgress();
    const events = [
      done("create"),
      done("create"),
      done("update"),
      done("same"),
      done("create", "workforce-sso:index:Application"),
      done("create", "auth0:index/client:Client", true),
    ];
    for (const event of [...events, {} as Event]) progress.observe(event);
    assert.equal(
      progress.stopped,
      "Stopped in the middle of the deployment: 2 created, 1 updated. The next npm start continues from there.",
    );
  });

  it("says so where nothing was done yet", () => {
    assert.match(new UpdateProgress().stopped, /: nothing was changed yet\. The next npm start continues/);
  });
});
