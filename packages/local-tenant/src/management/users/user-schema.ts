import { boolean, mapOf, nullable, object, patchOf, string } from "../json-schema.ts";
import type { Schema } from "../json-schema.ts";

const name = string({ minLength: 1, maxLength: 300 });
const givenName = string({ minLength: 1, maxLength: 150 });

/** Body of `POST /users`. */
export const createUser: Schema = object({
  "connection!": string({ minLength: 1 }),
  user_id: string({ maxLength: 255 }),
  email: string({ format: "email" }),
  phone_number: string({ pattern: "^\\+[0-9]{1,15}$" }),
  username: string({ minLength: 1, maxLength: 128 }),
  password: string({ minLength: 1 }),
  email_verified: boolean,
  phone_verified: boolean,
  verify_email: boolean,
  blocked: boolean,
  name,
  given_name: givenName,
  family_name: givenName,
  nickname: name,
  picture: string({ format: "uri" }),
  user_metadata: mapOf(),
  app_metadata: mapOf(),
});

/** Body of `PATCH /users/{id}`. */
export const updateUser: Schema = patchOf(createUser, {
  user_id: undefined,
  email: nullable(string({ format: "email" })),
  phone_number: nullable(string({ pattern: "^\\+[0-9]{1,15}$" })),
  username: nullable(string({ minLength: 1, maxLength: 128 })),
  password: nullable(string({ minLength: 1 })),
  name: nullable(name),
  given_name: nullable(givenName),
  family_name: nullable(givenName),
  nickname: nullable(name),
  picture: nullable(string({ format: "uri" })),
  verify_phone_number: boolean,
  verify_password: boolean,
  client_id: string({ minLength: 1 }),
});
