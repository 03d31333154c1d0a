import assert from "node:assert/strict";
import type { LightMyRequestResponse } from "fastify";

/** Breaks out of text, attributes, headers and URLs, where it is let. */
export const HOSTILE = `"><img src=x onerror=alert(1)>'\r\nset-cookie: evil=1\r\n\r\n</script>\u2028é`;

/** The answer, which shows nothing of HOSTILE as anything but text, and is not a failure of the tenant. */
export function harmless(response: LightMyRequestResponse): LightMyRequestResponse {
  assert.ok(response.statusCode < 500, response.body);
  const isPage = /html/.test(String(response.headers["content-type"]));
  if (isPage) assert.equal(response.body.includes("<img"), false, response.body);
  else if (response.body !== "") assert.equal(response.headers["x-content-type-options"], "nosniff");
  assert.equal(
    response.cookies.some(({ name }) => name === "evil"),
    false,
  );
  for (const [name, value] of Object.entries(response.headers)) {
    assert.equal(/[\r\n]/.test(String(value)), false, name);
  }
  return response;
}
