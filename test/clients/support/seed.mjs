import { api, seed } from "./tenant.mjs";

/** Gives the tenant one or more of everything that a workforce sign-on has. */
const { client } = await seed({
  callbacks: ["https://app.xyz.example/callback"],
  logoutUrls: ["https://app.xyz.example/"],
  client_metadata: { groups: "all" },
});
await api("POST", "/clients", { name: "Public", app_type: "spa", callbacks: ["https://spa.xyz.example/"] });
await api("POST", "/client-grants", {
  client_id: client.client_id,
  audience: `${process.env.ISSUER}api/v2/`,
  scope: ["read:users"],
});
const role = await api("POST", "/roles", { name: "Readers", description: "May read orders" });
await api("POST", `/roles/${role.id}/permissions`, {
  permissions: [{ resource_server_identifier: "https://orders.xyz.example", permission_name: "read:orders" }],
});
// auth0-deploy-cli puts this default into each database connection that it writes.
const [database] = await api("GET", "/connections?strategy=auth0");
await api("PATCH", `/connections/${database.id}`, {
  options: { ...database.options, disable_self_service_change_password: false },
});
