import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSshArguments, splitWords } from '../../../../src/inventory/ansible/ssh-arguments.ts';
import { FOLLOWED, ONLY_OPENSSH } from '../../../../src/transport/ssh/option-values.ts';

function optionsOf(text: string) {
  const { options, refusals } = parseSshArguments(text);
  expect(refusals).toEqual([]);
  return options.map(({ name, value }) => `${name}=${value}`);
}

describe('parseSshArguments', () => {
  it.each([
    ['-o ConnectTimeout=5', ['ConnectTimeout=5']],
    ['-oconnecttimeout=5', ['ConnectTimeout=5']],
    ['-o "UserKnownHostsFile /tmp/a b"', ['UserKnownHostsFile=/tmp/a b']],
    [`-o 'UserKnownHostsFile="/tmp/a b"'`, ['UserKnownHostsFile="/tmp/a b"']],
    ['-J bastion.example.net -p2222', ['ProxyJump=bastion.example.net', 'Port=2222']],
    ['-F ~/.ssh/lab -i ~/.ssh/lab_key', ['ConfigFile=~/.ssh/lab', 'IdentityFile=~/.ssh/lab_key']],
    ['-C -o ControlMaster=auto -o ControlPersist=60s -o ControlPath=/tmp/%C', []],
    ['-A -o ForwardAgent=yes', []],
    ['-o ProxyCommand="ssh -W %h:%p bastion"', ['ProxyCommand=ssh -W %h:%p bastion']],
    ['', []],
  ])('%s', (text, options) => {
    expect(optionsOf(text)).toEqual(options);
  });

  it.each([
    ['-L 80:localhost:80', '-L 80:localhost:80'],
    ['-N', '-N'],
    ['-o Tunnel=yes', '-o Tunnel=yes'],
    ['-o', '-o'],
    ['-o ForwardAgent', '-o ForwardAgent'],
    ['bastion', 'bastion'],
    ['-o "User', '-o "User'],
  ])('names what it refuses in %s', (text, word) => {
    expect(parseSshArguments(text).refusals.map((refusal) => refusal.word)).toEqual([word]);
  });
});

describe('what is understood', () => {
  it('is all that the connection follows, by one transport or the other', () => {
    const refused = [...FOLLOWED, ...ONLY_OPENSSH.keys()].filter((name) => parseSshArguments(`-o ${name}=1`).refusals.length > 0);
    expect(refused).toEqual([]);
  });
});

describe('splitWords', () => {
  it('gives back what a shell would, for any words in single quotes', () => {
    const word = fc.string().map((text) => text.replace(/'/g, ''));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(splitWords(words.map((text) => `'${text}'`).join(' '))).toEqual(words);
      }),
    );
  });

  it.each([
    [`a"b c"d`, ['ab cd']],
    [`a\\ b`, ['a b']],
    [`"a\\"b\\x"`, ['a"b\\x']],
    [`''`, ['']],
    [`a 'b`, undefined],
    ['a\\', undefined],
  ])('%s', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });
});
