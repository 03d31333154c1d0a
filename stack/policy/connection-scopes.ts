/**
 * What the Azure AD connection asks the directory for, as the provider's list. Each entry becomes one boolean
 * of the connection's options.
 *
 * @param nestedGroups Whether to ask also for the groups that an employee's groups are members of.
 */
export function connectionScopes(nestedGroups: boolean): string[] {
  const direct = ["basic_profile", "ext_profile", "ext_groups"];
  return nestedGroups ? [...direct, "ext_nested_groups"] : direct;
}
