/**
 * What the Azure AD connection asks the directory for, in the provider's list form; each entry becomes one boolean of the
 * connection's options.
 *
 * @param nestedGroups Also the groups that an employee's groups are members of.
 */
export function connectionScopes(nestedGroups: boolean): string[] {
  const direct = ["basic_profile", "ext_profile", "ext_groups"];
  return nestedGroups ? [...direct, "ext_nested_groups"] : direct;
}
