import { AEAD, type EspPath, ICV_BITS, type IpsecPolicy, REPLAY_WINDOW } from '../domain/ipsec.ts';
import type { IpsecOperation } from './ipsec-operation.ts';
import type { Operation } from './operation.ts';

/** Words of ip-xfrm(8). @param key - how the key of a new association is written */
export function xfrmWords(operation: IpsecOperation, key: string): readonly string[] {
  switch (operation.kind) {
    case 'add-association':
      return ['xfrm', 'state', 'add', ...addWords(operation, key)];
    case 'delete-association':
      return ['xfrm', 'state', 'delete', ...nameWords(operation.association)];
    case 'add-policy':
      return ['xfrm', 'policy', 'add', ...policyWords(operation.policy), ...pathWords(operation.policy)];
    case 'change-policy':
      return ['xfrm', 'policy', 'update', ...policyWords(operation.policy), ...pathWords(operation.policy)];
    case 'delete-policy':
      return ['xfrm', 'policy', 'delete', ...policyWords(operation.policy)];
  }
}

/** Finds the policy of an operation, to see whose it is before it is deleted. */
export function policyQuestion(policy: IpsecPolicy): readonly string[] {
  return ['xfrm', 'policy', 'get', ...policyWords(policy)];
}

export function isIpsecOperation(operation: Operation): operation is IpsecOperation {
  return operation.kind.endsWith('-association') || operation.kind.endsWith('-policy');
}

function nameWords({ source, destination, spi }: EspPath & { readonly spi: number }): readonly string[] {
  return ['src', source, 'dst', destination, 'proto', 'esp', 'spi', `0x${spi.toString(16)}`];
}

/** With extended sequence numbers (RFC 4303 section 2.2.1) no association ever runs out of numbers. */
function addWords({ association, scope }: Extract<IpsecOperation, { kind: 'add-association' }>, key: string): readonly string[] {
  const { source, destination, reqid, mode } = association;
  const isWhole = mode === 'tunnel';
  return [
    ...nameWords(association),
    ...['reqid', String(reqid), 'mode', mode],
    ...['replay-window', String(REPLAY_WINDOW), 'flag', 'esn', ...(scope.hasBothFamilies === true ? ['af-unspec'] : [])],
    ...['aead', AEAD, key, String(ICV_BITS)],
    ...(isWhole ? [] : ['sel', 'src', source, 'dst', destination, ...(scope.protocol === undefined ? [] : ['proto', String(scope.protocol)])]),
  ];
}

function policyWords({ direction, from, to, protocol, port, mark }: IpsecPolicy): readonly string[] {
  return [
    ...['src', from, 'dst', to],
    ...(protocol === undefined ? [] : ['proto', String(protocol)]),
    ...(port === undefined ? [] : ['dport', String(port)]),
    ...['dir', direction],
    ...(mark === undefined ? [] : ['mark', String(mark)]),
  ];
}

function pathWords({ priority, path }: IpsecPolicy): readonly string[] {
  if (path === undefined) return ['priority', String(priority)];
  const { source, destination, reqid, mode } = path;
  return ['priority', String(priority), 'tmpl', 'src', source, 'dst', destination, 'proto', 'esp', 'reqid', String(reqid), 'mode', mode];
}
