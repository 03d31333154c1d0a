import { PRODUCT } from "../action/product.ts";

/**
 * The type of a component, such as `workforce-sso:index:Application`. It is part of every URN in the state.
 */
export function componentType(name: string): string {
  return `${PRODUCT}:index:${name}`;
}
