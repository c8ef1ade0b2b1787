import { describe, expect, it } from 'vitest';
import { problemsOf, readText } from '../read-text.ts';

const TUNNEL = `
tunnels:
  gre1:
    mode: gre
    endpoints:
      h: { local: 30.1.1.2, address: 10.10.10.2 }
      other: { local: 30.1.1.1, address: 10.10.10.1 }
`;

function connectionOf(vars: string) {
  const reading = readText(`all:\n  hosts:\n    other:\n    h: { ${vars} }\n${TUNNEL}`);
  expect(problemsOf(reading)).toEqual([]);
  return reading.desired?.hosts.get('h')?.connection;
}

describe('the connection of a host', () => {
  it.each([
    ['', {}],
    ['ansible_host: r1.example.net, ansible_port: "2222"', { host: 'r1.example.net', port: 2222 }],
    ['ansible_host: , ansible_user: ""', {}],
    ['ansible_ssh_host: 192.0.2.1, ansible_host: 192.0.2.2', { host: '192.0.2.1' }],
    ['ansible_private_key_file: a, ansible_ssh_private_key_file: b', { privateKeyFile: 'b' }],
    ['ansible_become: "yes", ansible_become_user: root', { become: { method: 'sudo' } }],
    ['ansible_become: true, ansible_become_method: ansible.builtin.su', { become: { method: 'su' } }],
    ['ansible_become: no, ansible_become_user: postgres, ansible_become_method: runas', {}],
    [
      'ansible_ssh_common_args: -J one, ansible_ssh_extra_args: -p 22',
      {
        sshOptions: [
          ['ProxyJump', 'one'],
          ['Port', '22'],
        ].map(([name, value]) => ({ name, value })),
      },
    ],
    ['ansible_ssh_user: ops, ansible_ssh_port: 2200', { user: 'ops', port: 2200 }],
    [
      'ansible_ssh_args: -o ConnectTimeout=1, ansible_timeout: 30, ansible_ssh_host_key_checking: no, ansible_ssh_common_args: -J one',
      {
        sshOptions: [
          ['ConnectTimeout', '1'],
          ['StrictHostKeyChecking', 'no'],
          ['ConnectTimeout', '30'],
          ['ProxyJump', 'one'],
        ].map(([name, value]) => ({ name, value })),
      },
    ],
    ['ansible_host_key_checking: true', {}],
    ['ansible_connection: smart, ansible_python_interpreter: /usr/bin/python3, http_port: 80', {}],
  ])('%s', (vars, connection) => {
    expect(connectionOf(vars)).toEqual(connection);
  });

  it('holds passwords as secrets', () => {
    const connection = connectionOf('ansible_password: one, ansible_become: true, ansible_become_pass: two');
    expect([connection?.password?.reveal(), connection?.become?.password?.reveal()]).toEqual(['one', 'two']);
    expect(JSON.stringify(connection)).not.toMatch(/one|two/);
  });

  it('takes the older words of the method that is used, and of no other', () => {
    const connection = connectionOf(
      'ansible_become: true, ansible_become_method: su, ansible_sudo_pass: one, ansible_su_pass: two, ansible_sudo_user: ops',
    );
    expect([connection?.become?.method, connection?.become?.password?.reveal()]).toEqual(['su', 'two']);
  });

  it('is not judged for hosts no tunnel uses', () => {
    const text = `all:\n  hosts:\n    h:\n    other:\n    localhost: { ansible_connection: local, ansible_become: true, ansible_become_user: postgres, ansible_ssh_args: -X }\n${TUNNEL}`;
    expect(problemsOf(readText(text))).toEqual([]);
  });

  it('is complained of once where a group gives it to many hosts', () => {
    const text = `all:\n  vars: { ansible_connection: docker }\n  hosts: { h: , other: }\n${TUNNEL}`;
    expect(problemsOf(readText(text))).toEqual(['unsupported-connection 2:31']);
  });
});
