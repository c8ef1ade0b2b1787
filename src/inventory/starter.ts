import { stringify } from 'yaml';

/** One end of the tunnel that a new inventory begins with. */
export interface StarterEnd {
  readonly name: string;
  /** Connection variables, where ~/.ssh/config does not have them. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Outer address; left out: the one its route to the peer uses. */
  readonly local?: string;
  /** Inner address. */
  readonly address: string;
  /** Subnets behind it. */
  readonly networks: readonly string[];
}

export interface StarterTunnel {
  readonly name: string;
  readonly mode: string;
  readonly key?: number;
  readonly ends: readonly [StarterEnd, StarterEnd];
}

/** A first inventory, with words about every part of it. */
export function starterInventory({ name, mode, key, ends }: StarterTunnel): string {
  return `# What this file leaves out comes from ~/.ssh/config, and from the hosts themselves.
# \`npx tunorch schema\` prints its JSON Schema, for completion and checks in your editor.

# Hosts, as in an Ansible inventory: ansible_host (address), ansible_port, ansible_user,
# ansible_become: true (root by sudo), ansible_become_password: !env NAME
all:
  hosts:
${ends.map((end) => `    ${scalar(end.name)}: ${flow(end.vars)}`).join('\n')}

tunnels:
  ${scalar(name)}:                     # also the name of the device on both hosts
    mode: ${scalar(mode)}
${key === undefined ? '' : `    key: ${key}                      # of both directions\n`}    # mtu: 1400                # left out: what the links between the hosts carry, less what the tunnel adds
    # ttl: 255                 # of the outer packets
    #
    # What one end says is mirrored into the other: \`local\` is the outer address of this host (left out: the one its route
    # to the peer uses), \`address\` the inner one, \`networks\` are subnets behind it, which become routes on the peer.
    endpoints:
${ends.map((end) => `      ${scalar(end.name)}: ${flow(fieldsOf(end))}`).join('\n')}
`;
}

/** Tunnels that were found on hosts, as an inventory; `fields` are in the words of an inventory. */
export function foundInventory(
  hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  tunnels: readonly { readonly name: string; readonly fields: Readonly<Record<string, unknown>> }[],
): string {
  const lines = tunnels.flatMap(({ name, fields: { endpoints, ...fields } }) => [
    `  ${scalar(name)}:`,
    ...Object.entries(fields).map(([field, value]) => `    ${field}: ${flow(value)}`),
    '    endpoints:',
    ...Object.entries(endpoints as object).map(([host, end]) => `      ${scalar(host)}: ${flow(end)}`),
  ]);
  const hostLines = Object.entries(hosts).map(([name, vars]) => `    ${scalar(name)}: ${flow(vars)}`);
  return `${['all:', '  hosts:', ...hostLines, '', 'tunnels:', ...lines].join('\n')}\n`;
}

function fieldsOf({ local, address, networks }: StarterEnd): Readonly<Record<string, unknown>> {
  return { ...(local === undefined ? {} : { local }), address, ...(networks.length === 0 ? {} : { networks }) };
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

function scalar(text: string): string {
  return stringify(text, { lineWidth: 0 }).trim();
}
