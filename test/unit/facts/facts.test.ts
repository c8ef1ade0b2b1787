import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObservedRoute } from '../../../src/domain/observed.ts';
import { readEntries, readSections, sectionScript } from '../../../src/facts/fact.ts';
import { hostIdentity } from '../../../src/facts/host-identity.ts';
import { parseLink } from '../../../src/facts/links.ts';
import { networkState } from '../../../src/facts/network-state.ts';
import { gatherScript, observe, type Questions } from '../../../src/facts/observe.ts';
import { parseRoutes } from '../../../src/facts/routes.ts';
import { HOSTS, INVENTORY, threeHosts, withTunnels } from '../../support/builders-worlds.ts';
import { observeFor } from '../../support/fake-kernel-observe.ts';
import { allRoutes } from '../../support/fake-kernel-routes.ts';
import { type FakeAddress, type FakeLink, hasIpv6 } from '../../support/fake-kernel-state.ts';

const QUESTIONS: Questions = {
  host: 'a',
  devices: ['gre1'],
  prefixes: ['10.0.0.0/8'],
  modules: ['ip_gre'],
  lookups: [{ to: '1.1.1.1' }],
  tables: [],
  wantsClamps: false,
  wantsPorts: false,
};

describe('a gather script', () => {
  it('has one section a fact, whose names come back in order', () => {
    const names = [...gatherScript(QUESTIONS).matchAll(/@@tunorch-fact (\S+)$/gm)].map(([, name]) => name);
    expect(names).toEqual([
      'identity',
      'route-tables',
      'network',
      'ipsec',
      'lookups',
      'policy-rules',
      'sysctls',
      'modules',
      'fou-ports',
      'mss-clamps',
      'decisions',
      'run-at-work',
      'persistence',
    ]);
  });

  it('loads no module and changes nothing', () => {
    expect(gatherScript(QUESTIONS)).not.toMatch(
      /modprobe [^-]*\n|^(link|address|route) (add|delete|set|change|replace)|>\s*"?\/proc\/sys|sysctl -w/m,
    );
  });

  it('asks for the routes of the tunnels only where the tables are large', () => {
    const snippet = networkState.snippet({ devices: ['gre1'], prefixes: ['10.0.0.0/8'] });
    expect(snippet).toContain('route show table all dev gre1\n');
    expect(snippet).toContain('route show table all exact 10.0.0.0/8\n');
  });
});

describe('sections', () => {
  it('are split by their headers, whatever is between', () => {
    const output = 'motd\n\n@@tunorch-fact one\nfirst\nlines\n\n@@tunorch-fact two\n';
    expect([...readSections(output)]).toEqual([
      ['one', 'first\nlines\n\n'],
      ['two', ''],
    ]);
  });

  it('are named by the script that prints them', () => {
    expect(sectionScript('one', 'true')).toBe("printf '\\n%s %s\\n' @@tunorch-fact one\ntrue");
  });

  it('that are missing make a host that cannot be worked with', () => {
    expect(() => observe(QUESTIONS, '\n@@tunorch-fact identity\n')).toThrow('is missing');
  });

  it('without a single link are not facts', () => {
    const sections = [
      'identity',
      'route-tables',
      'network',
      'lookups',
      'policy-rules',
      'sysctls',
      'modules',
      'fou-ports',
      'mss-clamps',
      'decisions',
      'run-at-work',
      'persistence',
    ]
      .map((name) => `\n@@tunorch-fact ${name}\n`)
      .join('');
    expect(() => observe(QUESTIONS, sections)).toThrow('printed no link');
  });
});

const never = () => {
  throw new Error('this is no text');
};

describe('lines of JSON', () => {
  it('skip what is no array, and empty objects that some versions print', () => {
    expect(readEntries('all-routes\n[{},{"dst":"a"}]\nDevice "x" does not exist.\n[]\n', never)).toEqual([{ dst: 'a' }]);
  });

  it('that no kernel could have printed are not taken for facts', () => {
    expect(() => readEntries('[{"ifalias":"a\\u0000b"}]', never)).toThrow('NUL');
    expect(readEntries('[{"ifalias":"a\\\\u0000b"}]', never)).toEqual([{ ifalias: 'a\\u0000b' }]);
  });

  it('that are cut off are not taken for facts', () => {
    expect(() => readEntries('[{"dst":"a"', never)).toThrow();
  });
});

describe('an identity', () => {
  it.each([
    ['000001ffffffffff', true],
    ['00000000a80435fb', true],
    ['00000000a80425fb', false],
    ['0000000000000000', false],
  ])('with the capabilities %s may administer the network: %s', (capabilities, canAdministerNetwork) => {
    expect(hostIdentity.parse(`release 6\nnetns net:[1]\ncapabilities ${capabilities}\n`)).toMatchObject({ canAdministerNetwork });
  });
});

describe('a link', () => {
  it.each([
    ['a link-local address of the kernel', { local: 'fe80::1', prefixlen: 64, scope: 'link' }, true],
    ['a link-local address that says who made it', { local: 'fe80::1', prefixlen: 64, scope: 'link', protocol: 'kernel_ll' }, true],
    ['an address with a lifetime', { local: 'fd00::1', prefixlen: 64, scope: 'global', dynamic: true }, true],
    ['a privacy address', { local: 'fd00::1', prefixlen: 64, scope: 'global', temporary: true }, true],
    ['an address somebody wrote', { local: 'fd00::1', prefixlen: 64, scope: 'global' }, false],
    ['an IPv4 link-local address somebody wrote', { local: '169.254.1.1', prefixlen: 30, scope: 'link' }, false],
  ])('has %s', (_what, entry, isKernelMade) => {
    expect(parseLink({ ifname: 'x', flags: [], mtu: 1500, addr_info: [entry] }).addresses).toMatchObject([{ isKernelMade }]);
  });

  it('is up when its flags say so, also without a carrier', () => {
    expect(parseLink({ ifname: 'x', flags: ['NO-CARRIER', 'UP'], mtu: 1500 }).isUp).toBe(true);
    expect(parseLink({ ifname: 'x', flags: ['NOARP'], mtu: 1500 }).isUp).toBe(false);
  });
});

describe('a link that no kernel could have', () => {
  const entry = { ifname: 'gre1', mtu: 1400, flags: [], linkinfo: { info_kind: 'gre', info_data: {} } };
  const at = (address: object) => ({ ...entry, addr_info: [{ local: '10.0.0.1', prefixlen: 24, ...address }] });

  it.each([
    ['an address without a length', at({ prefixlen: undefined })],
    ['an address that is longer than its family', at({ prefixlen: 33 })],
    ['an address with half a bit', at({ prefixlen: 0.5 })],
    ['a peer of the other family', at({ address: 'fd00::1' })],
    ['no MTU', { ...entry, mtu: undefined }],
    ['a name with a line break', { ...entry, ifname: 'a\nb' }],
    ['a key that is no number', { ...entry, linkinfo: { info_kind: 'gre', info_data: { ikey: 'x' } } }],
  ])('is no fact: %s', (_what, odd) => {
    expect(() => parseLink(odd)).toThrow('«');
  });

  it('is told from one with an odd name, which a kernel may have', () => {
    expect(parseLink({ ...entry, ifname: 'a#\'"\\~' }).device).toBe('a#\'"\\~');
  });
});

describe('a route', () => {
  it('to default is of the family that the rest of it tells', () => {
    expect(parseRoutes({ dst: 'default', gateway: '1.1.1.1', dev: 'eth0' })[0]?.to).toBe('0.0.0.0/0');
    expect(parseRoutes({ dst: 'default', gateway: 'fe80::1', dev: 'eth0' })[0]?.to).toBe('::/0');
    expect(parseRoutes({ dst: 'default', dev: 'gre1', pref: 'medium' })[0]?.to).toBe('::/0');
  });

  it('that carries more than is understood cannot be written back', () => {
    expect(parseRoutes({ dst: '10.0.0.0/8', dev: 'gre1', metrics: [{ mtu: 1300 }] })[0]?.isRestorable).toBe(false);
    expect(parseRoutes({ dst: '10.0.0.0/8', dev: 'gre1', protocol: 'bgp', metric: 20, flags: [] })[0]?.isRestorable).toBe(true);
  });
});

describe('facts', () => {
  it('give back what the kernel has', () => {
    fc.assert(
      fc.property(INVENTORY, fc.constantFrom(...HOSTS), (tunnels, host) => {
        const kernels = threeHosts();
        withTunnels(kernels, tunnels);
        const kernel = kernels.get(host);
        if (kernel === undefined) throw new Error(host);
        const observed = observeFor(kernel, host, tunnels);
        expect(observed.links.map(asKept)).toEqual(kernel.state.links.map(kept));
        expect(observed.routes.map(asKernelHas)).toEqual(allRoutes(kernel.state));
        for (const [path, value] of observed.sysctls) expect(value).toBe(kernel.state.sysctls.get(path));
      }),
      { numRuns: 40 },
    );
  });
});

/** The kernel keeps a weight with each nexthop; of a route that several share, facts tell all of them. */
function asKernelHas({ isRestorable: _, nexthops, ...route }: ObservedRoute) {
  const own = nexthops?.find(({ device }) => device === route.device);
  return own === undefined ? route : { ...route, weight: own.weight };
}

type Kept = Pick<FakeLink, 'device' | 'isUp' | 'mtuBytes'> & { readonly alias: string; readonly addresses: readonly unknown[] };

function kept({ device, isUp, mtuBytes, alias = '', addresses, ...link }: FakeLink): Kept {
  expect(hasIpv6({ device, isUp, mtuBytes, addresses, ...link }) || !addresses.some(({ address }) => address.includes(':'))).toBe(true);
  return {
    device,
    isUp,
    mtuBytes,
    alias,
    addresses: addresses.map(({ address, length, peer }: FakeAddress) => ({ address, length, ...(peer === undefined ? {} : { peer }) })),
  };
}

function asKept({ device, isUp, mtuBytes, alias = '', addresses }: ReturnType<typeof parseLink>): Kept {
  return { device, isUp, mtuBytes, alias, addresses: addresses.map(({ isKernelMade: _, ...address }) => address) };
}
