import { Application } from "./stack/application.ts";
import { bundleAction } from "./stack/bundle.ts";
import { loadConfig } from "./stack/config.ts";
import { EnterpriseConnection, connectionResource } from "./stack/enterprise-connection.ts";
import { LoginFlow } from "./stack/login-flow.ts";
import { MachineClient, livingGenerations, machineClientOf } from "./stack/machine-client.ts";
import { actionName } from "./stack/policy/bindings.ts";
import { needsMachineClient } from "./stack/policy/machine-scopes.ts";
import { watchTenant } from "./stack/preflight/watch.ts";

/**
 * Lets employees sign in to the company's applications with their account of the directory, and puts their
 * groups into the token.
 *
 * @returns The stack's outputs.
 */
export default async function program() {
  const config = loadConfig();
  const bundle = bundleAction(config.action);
  // Only some resources are protected. The others must be able to change: a protected machine client could
  // not be rotated.
  const { protect } = config;
  if (config.preflight) {
    watchTenant({ domain: config.domain, action: actionName, mode: config.postLoginBinding });
  }

  const applications = config.applications.map(
    (application) => [application, new Application(application.name, application, { protect })] as const,
  );

  const generations = needsMachineClient(config.action.groupSources)
    ? await livingGenerations(config.machineClientGeneration)
    : [];
  const machineClients = generations.map((generation) => {
    const { resource, displayName } = machineClientOf(generation);
    return new MachineClient(resource, { domain: config.domain, displayName });
  });
  const [machineClient] = machineClients;

  const parts = [...applications.map(([, application]) => application), ...machineClients];
  const loginFlow = new LoginFlow("login-flow", {
    displayName: actionName,
    bundle,
    secrets: {
      TENANT: config.domain,
      AUDIENCE: `https://${config.domain}/api/v2/`,
      ...(machineClient !== undefined && {
        APP_CLIENT_ID: machineClient.clientId,
        APP_CLIENT_SECRET: machineClient.clientSecret,
      }),
    },
    needs: machineClient?.ready ?? [],
    ...(machineClient !== undefined && { machineClientGeneration: config.machineClientGeneration }),
  });

  const connections = config.directories.map(
    (directory, index) =>
      new EnterpriseConnection(
        connectionResource(directory.name, index),
        {
          ...directory,
          enabledClients: applications
            .filter(([{ directories }]) => directories.includes(directory.name))
            .map(([{ name, formerNames }, { clientId }]) => ({ name, formerNames, clientId })),
          waitFor: parts.map(({ client }) => client),
          enableAfter: [loginFlow.action],
        },
        { protect },
      ),
  );

  loginFlow.bind({
    mode: config.postLoginBinding,
    before: config.postLoginBefore,
    after: config.postLoginAfter,
    bind: config.bindAction,
    protect,
    waitFor: [...connections, ...parts],
  });

  return {
    actionId: loginFlow.actionId,
    connectionId: connections[0]?.connectionId,
    ...(machineClient !== undefined && { machineClientId: machineClient.clientId }),
    issuer: `https://${config.customDomain || config.domain}/`,
    groupsClaim: config.action.groupsClaim,
    clientIds: Object.fromEntries(applications.map(([{ name }, { clientId }]) => [name, clientId])),
    clientSecrets: Object.fromEntries(
      applications.map(([{ name }, { clientSecret }]) => [name, clientSecret]),
    ),
  };
}
