import type { TunnelOptions } from '../../domain/tunnel.ts';
import { childOf, type Tree } from '../tree.ts';
import { numberIn, textIn } from './read-fields.ts';

/** What only some modes have, as far as it was written; the schema judges which mode may have it. */
export function optionsIn(tree: Tree): TunnelOptions {
  return withoutGaps({
    tos: numberIn(tree, 'tos')?.value ?? wordIn(tree, 'tos', 'inherit'),
    csum: truthIn(tree, 'csum'),
    seq: truthIn(tree, 'seq'),
    pmtudisc: truthIn(tree, 'pmtudisc'),
    ignoreDf: truthIn(tree, 'ignore_df'),
    encaplimit: numberIn(tree, 'encaplimit')?.value ?? wordIn(tree, 'encaplimit', 'none'),
    flowlabel: numberIn(tree, 'flowlabel')?.value ?? wordIn(tree, 'flowlabel', 'inherit'),
    proto: textIn(tree, 'proto')?.value,
    vni: numberIn(tree, 'vni')?.value,
    port: numberIn(tree, 'port')?.value,
    ipsec: truthIn(tree, 'ipsec') === true ? true : undefined,
  });
}

function wordIn<Word extends string>(tree: Tree, name: string, word: Word): Word | undefined {
  return textIn(tree, name)?.value === word ? word : undefined;
}

function truthIn(tree: Tree, name: string): boolean | undefined {
  const field = childOf(tree, name);
  return field?.kind === 'scalar' && typeof field.value === 'boolean' ? field.value : undefined;
}

type Gaps<T> = { readonly [Name in keyof T]: T[Name] | undefined };

function withoutGaps(options: Gaps<Required<TunnelOptions>>): TunnelOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
