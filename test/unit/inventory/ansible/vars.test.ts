import { describe, expect, it } from 'vitest';
import { problemsOf, readText } from '../read-text.ts';

function varsOf(files: string | Readonly<Record<string, string>>, host = 'h') {
  return readText(files).hostVars.get(host);
}

describe('precedence of vars', () => {
  it('is all < parent group < child group < host', () => {
    const text = `all:
  vars: { v1: all, v2: all, v3: all, v4: all }
  children:
    parent:
      vars: { v2: parent, v3: parent, v4: parent }
      children:
        child:
          vars: { v3: child, v4: child }
          hosts: { h: { v4: host } }
`;
    expect(varsOf(text)).toEqual({ v1: 'all', v2: 'parent', v3: 'child', v4: 'host' });
  });

  it('takes groups of one depth in the order of their names', () => {
    expect(varsOf('all: { children: { b: { vars: { v: b }, hosts: { h: } }, a: { vars: { v: a }, hosts: { h: } } } }')).toEqual({ v: 'b' });
  });

  it('lets ansible_group_priority decide between groups of one depth, and is no variable itself', () => {
    const text = 'all: { children: { a: { vars: { v: a, ansible_group_priority: 10 }, hosts: { h: } }, b: { vars: { v: b }, hosts: { h: } } } }';
    expect(varsOf(text)).toEqual({ v: 'a' });
  });

  it('measures depth by the longest way from all', () => {
    const text = `all:
  children:
    z: { vars: { v: z }, hosts: { h: } }
    outer: { children: { a: } }
    a: { vars: { v: a }, hosts: { h: } }
`;
    expect(varsOf(text)).toEqual({ v: 'a' });
  });

  it('puts group_vars/ over all vars of groups in the inventory, and host_vars/ over all', () => {
    const files = {
      'hosts.yaml': 'all: { vars: { v: 1 }, children: { g: { vars: { v: 2, w: 2, x: 2, y: 2, z: 2 }, hosts: { h: { y: 5, z: 5 } } } } }',
      'group_vars/all.yml': 'v: 3\nw: 3\nx: 3\ny: 3\nz: 3\n',
      'group_vars/g/one.yaml': 'x: 4\ny: 4\nz: 4\n',
      'host_vars/h': 'z: 6\n',
    };
    expect(varsOf(files)).toEqual({ v: 3, w: 3, x: 4, y: 5, z: 6 });
  });

  it('lets later files win', () => {
    expect(varsOf({ 'one.yaml': 'all: { hosts: { h: { v: 1, w: 1 } } }', 'two.yaml': 'all: { hosts: { h: { v: 2 } } }' })).toEqual({ v: 2, w: 1 });
  });

  it('replaces values whole', () => {
    expect(varsOf('all: { vars: { v: { a: 1 } }, hosts: { h: { v: { b: 2 } } } }')).toEqual({ v: { b: 2 } });
  });

  it('knows vars of unknown hosts and groups are nobody’s', () => {
    const reading = readText({ 'hosts.yaml': 'all: { hosts: { h: } }', 'group_vars/nobody.yaml': '] no YAML', 'host_vars/none.yaml': 'v: 1' });
    expect([problemsOf(reading), [...reading.hostVars]]).toEqual([['no-tunnels'], [['h', {}]]]);
  });

  it('keeps the dots of host names in host_vars/', () => {
    expect(varsOf({ 'hosts.yaml': 'all: { hosts: { r1.example.net: } }', 'host_vars/r1.example.net': 'v: 1' }, 'r1.example.net')).toEqual({ v: 1 });
  });

  it('reads yes and no as Ansible does', () => {
    expect(varsOf('all: { hosts: { h: { a: yes, b: Off, c: "no", d: y } } }')).toEqual({ a: true, b: false, c: 'no', d: 'y' });
  });
});

describe('the vars as they are printed', () => {
  it('are those Ansible reads, without what is secret', () => {
    const host = `{ a: 0644, b: 1_000, 1: x, password: 1, empty_password: , secrets: { db: { root: x } }, c: !unsafe "{{", d: !vault x }`;
    expect(varsOf(`all: { hosts: { h: ${host} } }`)).toEqual({
      a: 420,
      b: 1000,
      1: 'x',
      password: '***',
      empty_password: null,
      secrets: { db: { root: '***' } },
      c: { __ansible_unsafe: '{{' },
      d: '***',
    });
  });

  it('are the same after a way through the JSON of ansible-inventory', () => {
    const vars = { a: { __ansible_unsafe: '{{' }, b: [{ __ansible_vault: '$ANSIBLE_VAULT;1.1;AES256' }], c: { d: 1, e: 2 } };
    const json = JSON.stringify({ _meta: { hostvars: { h: vars } }, all: { children: ['ungrouped'] }, ungrouped: { hosts: ['h'] } });
    expect(varsOf({ '<stdin>': json })).toEqual({ ...vars, b: ['***'] });
  });
});

describe('groups', () => {
  it('have priorities that are whole numbers', () => {
    const reading = readText('g: { vars: { ansible_group_priority: high } }\ni: { vars: { ansible_group_priority: 0 } }');
    expect([problemsOf(reading), reading.groups.get('i')?.priority]).toEqual([['wrong-value 1:38'], 0]);
  });

  it('take members from every file and place that names them', () => {
    const { groups } = readText({ 'a.yaml': 'edge: { hosts: { a: } }', 'b.yaml': 'all: { children: { edge: { hosts: { b: } } } }' });
    expect(groups.get('edge')).toEqual({ name: 'edge', hosts: ['a', 'b'], children: [], depth: 1, priority: 1 });
    expect(groups.get('all')?.children).toEqual(['ungrouped', 'edge']);
  });

  it('have hosts of no other group in ungrouped', () => {
    const { groups } = readText('all: { hosts: { a: , b: }, children: { edge: { hosts: { b: } } } }');
    expect(groups.get('ungrouped')?.hosts).toEqual(['a']);
  });

  it('may be named as a text where there is only one', () => {
    const { groups } = readText('all: { children: edge }\nedge: { hosts: a }\n');
    expect(groups.get('edge')?.hosts).toEqual(['a']);
  });

  it('expand ranges, and give each host the vars and the port', () => {
    const { hostVars } = readText('all: { hosts: { "r[01:02]:2222": { v: 1 } } }');
    expect([...hostVars]).toEqual([
      ['r01', { ansible_port: 2222, v: 1 }],
      ['r02', { ansible_port: 2222, v: 1 }],
    ]);
  });
});
