import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectHosts } from '../../../src/inventory/pattern-hosts.ts';
import { type Selection, selectTunnels } from '../../../src/inventory/patterns.ts';
import { readText } from './read-text.ts';

const HOSTS = `all:
  hosts: { lonely: }
  children:
    edge: { hosts: { "edge[1:3]": } }
    core: { hosts: { "core[1:2]": , edge1: } }
    paris: { hosts: { edge2: , core2: , "par.net": } }
    nothing:
`;

const { groups, desired: hostsOnly } = readText(HOSTS);
const hosts = [...(hostsOnly?.hosts.keys() ?? [])];

describe('selectHosts', () => {
  it.each([
    ['all', ['lonely', 'edge1', 'edge2', 'edge3', 'core1', 'core2', 'par.net']],
    ['*', ['lonely', 'edge1', 'edge2', 'edge3', 'core1', 'core2', 'par.net']],
    ['edge1', ['edge1']],
    ['edge', ['edge1', 'edge2', 'edge3']],
    ['core:edge', ['core1', 'core2', 'edge1', 'edge2', 'edge3']],
    ['core,edge3', ['core1', 'core2', 'edge1', 'edge3']],
    ['edge:&paris', ['edge2']],
    ['edge:!paris', ['edge1', 'edge3']],
    ['!paris:edge', ['edge1', 'edge3']],
    ['!paris', ['lonely', 'edge1', 'edge3', 'core1']],
    ['&paris', ['edge2', 'core2', 'par.net']],
    ['edge:core:&paris:!core2', ['edge2']],
    ['edge[0]', ['edge1']],
    ['edge[-1]', ['edge3']],
    ['edge[1:2]', ['edge2', 'edge3']],
    ['edge[1:]', ['edge2', 'edge3']],
    ['edge[0-1]', ['edge1', 'edge2']],
    ['edge[9]', []],
    ['*.net', ['par.net']],
    ['*e2', ['core2', 'edge2']],
    ['edge?', ['edge1', 'edge2', 'edge3']],
    ['core[!1]', ['core2']],
    ['~(edge|core)2', ['edge2', 'core2']],
    ['~dge', []],
    ['nobody', []],
  ])('%s', (pattern, expected) => {
    expect([...selectHosts(pattern, groups, hosts)].sort()).toEqual([...expected].sort());
  });

  it('knows set laws for any two patterns', () => {
    const pattern = fc.constantFrom('edge', 'core', 'paris', 'edge1', 'core*', '~.*2', 'lonely', 'edge[0:1]');
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        const select = (text: string) => new Set(selectHosts(text, groups, hosts));
        const [a, b] = [select(one), select(other)];
        expect(select(`${one}:${other}`)).toEqual(new Set([...a, ...b]));
        expect(select(`${one}:&${other}`)).toEqual(new Set([...a].filter((host) => b.has(host))));
        expect(select(`${one}:!${other}`)).toEqual(new Set([...a].filter((host) => !b.has(host))));
      }),
    );
  });
});

const TUNNELS = `${HOSTS}tunnels:
  up1: { mode: gre, tags: [wan], endpoints: { edge1: { address: 10.0.1.1 }, core2: { address: 10.0.1.2 } } }
  up2: { mode: gre, tags: [wan, lab], endpoints: { edge2: { address: 10.0.2.1 }, core2: { address: 10.0.2.2 } } }
  ring: { mode: gre, endpoints: { edge3: { address: 10.0.3.1 }, edge1: { address: 10.0.3.2 } } }
`;

function select(selection: Selection) {
  const reading = readText(TUNNELS);
  if (reading.desired === undefined) throw new Error('the inventory has errors');
  const { tunnels, diagnostics } = selectTunnels(reading.desired, reading.groups, selection);
  return { names: tunnels.map(({ name }) => name), codes: diagnostics.map(({ code }) => code) };
}

describe('selectTunnels', () => {
  it.each<readonly [Selection, readonly string[]]>([
    [{}, ['up1', 'up2', 'ring']],
    [{ limit: '' }, ['up1', 'up2', 'ring']],
    [{ limit: 'up1' }, ['up1']],
    [{ limit: 'up*' }, ['up1', 'up2']],
    [{ limit: 'edge1' }, ['up1', 'ring']],
    [{ limit: 'up*:&paris' }, ['up1', 'up2']],
    [{ limit: 'up*:&edge1' }, ['up1']],
    [{ limit: 'edge:&paris' }, ['up2']],
    [{ limit: 'all:!edge1' }, ['up2']],
    [{ limit: '!up1' }, ['up2', 'ring']],
    [{ limit: 'all:!nothing' }, ['up1', 'up2', 'ring']],
    [{ limit: 'edge[-1]' }, ['ring']],
    [{ tags: ['wan'] }, ['up1', 'up2']],
    [{ tags: ['lab', 'wan'] }, ['up1', 'up2']],
    [{ limit: 'edge2', tags: ['wan'] }, ['up2']],
  ])('%j', (selection, names) => {
    expect(select(selection)).toEqual({ names, codes: [] });
  });

  it('says that nothing is left where a group is empty', () => {
    expect(select({ limit: 'nothing' })).toEqual({ names: [], codes: ['inventory.nothing-selected'] });
  });

  it('selects nothing at all when a part of the pattern matches nothing', () => {
    expect(select({ limit: 'up1:up9' })).toEqual({ names: [], codes: ['inventory.unmatched-pattern'] });
  });
});
