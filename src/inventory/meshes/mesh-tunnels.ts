import { familyOf } from '../../domain/address.ts';
import type { Allotment, AllottedEnd } from '../../domain/allotment.ts';
import { childOf, type Entry, entriesOf, mappingOf, type Scalar, scalarOf, type Tree } from '../tree.ts';
import { numberField } from './allot.ts';
import type { Mesh } from './read-mesh.ts';

/**
 * The tunnels of a mesh as if each had been declared by itself.
 *
 * So they are read and checked like any other, and every problem has the place in the mesh that it comes from.
 */
export function meshTunnels(mesh: Mesh, allotments: readonly Allotment[]): readonly Entry[] {
  return allotments.map((allotment) => ({ key: scalarOf(mesh.at, allotment.tunnel), value: declarationOf(mesh, allotment) }));
}

function declarationOf(mesh: Mesh, { key, ends }: Allotment): Tree {
  const { at, mode, template } = mesh;
  const field = numberField(mode);
  return mappingOf(template, [
    ...fieldsOf(template).filter(([name]) => name.text !== 'endpoints'),
    ...(key === undefined || field === undefined ? [] : [[field, { ...scalarOf(at, String(key)), value: key }] as const]),
    [
      'endpoints',
      mappingOf(
        at,
        ends.map((end) => [end.host, endpointOf(mesh, end)] as const),
      ),
    ],
  ]);
}

function endpointOf({ at, pool, template }: Mesh, { host, address, device }: AllottedEnd): Tree {
  const own = childOf(childOf(template, 'endpoints'), host);
  const length = familyOf(address) === 4 ? 31 : 127;
  return mappingOf(own ?? at, [...fieldsOf(own), ['address', scalarOf(pool.at, `${address}/${length}`)], ['device', scalarOf(at, device)]]);
}

function fieldsOf(tree: Tree | undefined): readonly (readonly [Scalar, Tree])[] {
  return entriesOf(tree).map(({ key, value }) => [key, value] as const);
}
