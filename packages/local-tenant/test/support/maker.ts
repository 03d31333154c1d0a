import assert from "node:assert/strict";
import type { TestTenant } from "./tenant.ts";

/** Makes one thing by a POST, with what is given besides the defaults, and answers it as the tenant did. */
export type Maker<T> = (body?: Readonly<Record<string, unknown>>) => Promise<T>;

/** A maker of things under `path`. `defaults` has their number, for what each must have of its own. */
export function maker<T>(test: TestTenant, path: string, defaults: (number: number) => object): Maker<T> {
  let count = 0;
  return async (body = {}) => {
    count += 1;
    const answer = await test.api<T>("POST", path, { ...defaults(count), ...body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
  };
}
