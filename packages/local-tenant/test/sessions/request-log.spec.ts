import assert from "node:assert/strict";
import { RequestLog } from "../../src/sessions/request-log.ts";
import type { RequestRecord } from "../../src/sessions/request-log.ts";

const record = (path: string): RequestRecord => ({
  time: 0,
  method: "GET",
  path,
  status: 200,
  milliseconds: 1,
});

describe("RequestLog", () => {
  it("masks what would let a reader take over a sign-in", () => {
    const log = new RequestLog();
    log.add(record("/cb?code=abc&state=def&scope=openid&id_token_hint=ghi"));
    log.add(record("/userinfo?access_token=jkl"));
    log.add(record("/continue?state=mno&a_name_of_the_action=pqr?st&flag"));
    assert.deepEqual(
      log.list().map(({ path }) => path),
      [
        "/cb?code=***&state=***&scope=openid&id_token_hint=***",
        "/userinfo?access_token=***",
        "/continue?state=***&a_name_of_the_action=***&flag",
      ],
    );
  });

  it("shows the settings of a sign-in, and leaves a path without a query alone", () => {
    const log = new RequestLog();
    const settings =
      "acr_values=a&audience=b&client_id=c&code_challenge_method=d&connection=e&error=f&max_age=g&prompt=h" +
      "&redirect_uri=i&response_mode=j&response_type=k&scope=l&ui_locales=m";
    const paths = [`/authorize?${settings}`, "/authorize", "/authorize?"];
    for (const path of paths) log.add(record(path));
    assert.deepEqual(
      log.list().map(({ path }) => path),
      paths,
    );
  });

  it("shows what was asked of the Management API", () => {
    const log = new RequestLog();
    log.add(record("/api/v2/users?q=email:x&page=1"));
    assert.equal(log.list()[0]?.path, "/api/v2/users?q=email:x&page=1");
  });

  it("keeps the newest requests and drops the oldest", () => {
    const log = new RequestLog(2);
    for (const path of ["/a", "/b", "/c"]) log.add(record(path));
    assert.deepEqual(
      log.list().map(({ path }) => path),
      ["/b", "/c"],
    );
  });

  it("keeps 2,000 requests unless it is told otherwise", () => {
    const log = new RequestLog();
    for (let index = 0; index < 2_001; index += 1) log.add(record(`/${index}`));
    assert.deepEqual([log.list().length, log.list()[0]?.path], [2_000, "/1"]);
  });

  it("lists the requests that somebody looks for, and forgets all when it is told to", () => {
    const log = new RequestLog();
    for (const path of ["/a", "/b"]) log.add(record(path));
    assert.deepEqual(
      log.list(({ path }) => path === "/b").map(({ path }) => path),
      ["/b"],
    );
    log.list().length = 0;
    assert.equal(log.list().length, 2, "a list that is given away can be changed");
    log.clear();
    assert.deepEqual(log.list(), []);
  });

  it("tells a listener of each request until it stops listening", () => {
    const log = new RequestLog();
    const heard: string[] = [];
    const stop = log.onRequest(({ path }) => heard.push(path));
    log.add(record("/a"));
    stop();
    log.add(record("/b"));
    assert.deepEqual(heard, ["/a"]);
  });
});
